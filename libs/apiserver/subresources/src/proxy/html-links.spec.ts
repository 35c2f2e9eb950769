import { text } from 'node:stream/consumers';
import { Turns } from '@kubernest/meta';
import { expect, test } from 'vitest';
import { rewriteLinks } from './html-links.ts';

async function through(page: string, size = page.length || 1, lead = (url: string) => `/p${url}`): Promise<string> {
  const stream = rewriteLinks(lead);
  const bytes = Buffer.from(page, 'latin1');
  const read = text(stream.setEncoding('latin1'));
  for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
  stream.end();
  return await read;
}

test.each([
  ['<a class=x href="/one">/two', '<a class=x href="/p/one">/two'],
  [`<img src='/i' data-src="/n"><form action=/f>`, `<img src='/p/i' data-src="/n"><form action=/p/f>`],
  ['<A HREF = "/one">', '<A HREF = "/p/one">'],
  ['<a\n\thref\n=\n"/one"\n>', '<a\n\thref\n=\n"/p/one"\n>'],
  ['<link href=/one/><script src=/two></script>', '<link href=/p/one/><script src=/p/two></script>'],
  ['<video poster="/a" src="/b" href="/c">', '<video poster="/p/a" src="/p/b" href="/c">'],
  ['<a href="/x?a=1&amp;b=2">', '<a href="/p/x?a=1&amp;b=2">'],
  ['<a href="/\xe9\xff">\xe9\xff', '<a href="/p/\xe9\xff">\xe9\xff'],
])('the links of %j are rewritten', async (page, expected) => {
  expect(await through(page)).toBe(expected);
});

test.each([
  '<p>1 < 2 href="/t" <b href="/t">',
  '<!-- <a href="/one"> --><!DOCTYPE html>',
  '<script>"<a href=/one>"</script><style><a href=/one></style>',
  '<title><a href=/one></title><textarea><a href=/one></textarea>',
  '<a href>/x</a><a "href=/one">',
  '<ahref="/one"><x:a href="/one"><constructor href="/one">',
  '</a href="/one">',
  '<a href="/never ended',
  '',
])('nothing of %j is a link', async (page) => {
  expect(await through(page, 5, () => 'rewritten')).toBe(page);
});

test.each([1, 2, 7, 16, 64])('a page in pieces of %d bytes comes out as in one', async (size) => {
  const page = `<!DOCTYPE html><html manifest=/m><a class=x href="/one" href = '/two'>\xe9</a><blockquote cite=/q>1 < 2<!-- <a href="/c"> --><script src="/s">"<a href=/t>"</script><iframe longdesc=/l src="">`;
  expect(await through(page, size)).toBe(await through(page));
});

/** Each of these takes minutes where the work grows with the square. */
const MEGABYTE = 1024 * 1024;
const most = 8 * MEGABYTE;
test.each([
  '<a',
  '<a ',
  '<a href=',
  '<a href="',
  "<a href='x",
  '<!--',
  '<!',
  '<![CDATA[',
  '<script>',
  '</',
  '<a href=/x ',
  '<title>&',
  '--',
  '>',
  '"',
])('eight megabytes of %j go by without being kept', async (part) => {
  let [longest, written] = [0, 0];
  const stream = rewriteLinks((url) => url);
  stream.on('data', (bytes: Buffer) => (written += bytes.length));
  const piece = Buffer.from(part.repeat(Math.ceil((64 * 1024) / part.length)));
  let given = 0;
  for (; given < most; given += piece.length) {
    await new Promise((taken) => stream.write(piece, taken));
    await new Promise(setImmediate);
    longest = Math.max(longest, given + piece.length - written);
  }
  stream.end();
  await new Promise((ended) => stream.once('end', ended));
  expect(written).toBe(given);
  expect(longest).toBeLessThanOrEqual(2 * 64 * 1024);
});

test('a page that is nothing but links is rewritten in pieces, each in a turn of its own once a turn is over', async () => {
  const begins: (() => void)[] = [];
  let now = 0;
  const turns = new Turns({ now: () => (now += 2), nextTurn: (begin) => void begins.push(begin) });
  let links = 0;
  const count = (url: string): string => {
    links++;
    return url;
  };
  const stream = rewriteLinks(count, turns);
  const ended = text(stream);
  const page = '<a href=/>'.repeat(50_000);
  stream.end(page);
  await new Promise(setImmediate);
  // Three looks at the clock, and pieces of 8 kB.
  const most = 3 * 820;
  for (let before = 0; begins.length > 0; before = links, await new Promise(setImmediate)) {
    expect(links - before).toBeLessThanOrEqual(most);
    for (const begin of begins.splice(0)) begin();
  }
  expect([await ended, links]).toEqual([page, 50_000]);
});
