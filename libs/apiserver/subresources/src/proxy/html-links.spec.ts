import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { rewriteLinks, throughProxy } from './html-links.ts';

test.each([
  ['/a/b?c=d', '/p/proxy/a/b?c=d'],
  ['/', '/p/proxy/'],
  ['http://10.0.0.1:80/x/', '/p/proxy/x/'],
  ['//10.0.0.1:80', '/p/proxy/'],
  ['http://elsewhere/x', 'http://elsewhere/x'],
  ['mailto:someone', 'mailto:someone'],
  ['x/y', 'x/y'],
  ['#top', '#top'],
  ['/p/proxy/a', '/p/proxy/a'],
])('the link %s leads to %s', (url, led) => {
  expect(throughProxy(url, '/p/proxy', '10.0.0.1:80')).toBe(led);
});

test.each([1, 7, 1000])(
  'links in tags are rewritten, in pieces of %d bytes too; text, data and charset stay',
  async (size) => {
    const page = Buffer.from(
      `<!DOCTYPE html><a class=x href="/one">/two é</a><img src='/i' data-src="/n"><form action=/f><p>1 < 2 href="/t"`,
    );
    const stream = rewriteLinks((url) => `/p${url}`);
    for (let at = 0; at < page.length; at += size) stream.write(page.subarray(at, at + size));
    stream.end();
    expect(await text(stream)).toBe(
      `<!DOCTYPE html><a class=x href="/p/one">/two é</a><img src='/p/i' data-src="/n"><form action=/p/f><p>1 < 2 href="/t"`,
    );
  },
);
