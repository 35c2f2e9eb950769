import { expect, it } from 'vitest';
import { blotter } from './blot.ts';
import type { Secret } from './secret-texts.ts';

const blot = (text: string, known: readonly Secret[] = []): string => blotter(known).text(text);

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';

it.each([
  [
    'a PEM block',
    'a\n-----BEGIN EC PRIVATE KEY-----\nSECRET1\nSECRET2\n-----END EC PRIVATE KEY-----\nb',
    'a\n[removed]\nb',
  ],
  ['one in JSON', '{"k":"-----BEGIN KEY-----\\nSECRET\\n-----END KEY-----\\n"}', '{"k":"[removed]\\n"}'],
  ['one without its end', 'a -----BEGIN KEY-----\nSECRET==\n', 'a [removed]'],
  ['one without its beginning', 'SECRET\nSECRET==\n-----END KEY-----\nb', '[removed]\nb'],
  ['one in base64', 'x LS0tLS1CRUdJTiBLRVktLS0tLQo= y', 'x [removed] y'],
  ['a JWT', `got ${jwt} here`, 'got [removed] here'],
  ['a bearer token', 'Authorization: Bearer abcdef123', 'Authorization: Bearer [removed]'],
  ['basic authentication', 'authorization: basic dXNlcjpwYXNz', 'authorization: basic [removed]'],
  ['a one-time link', 'https://127.0.0.1:6443/ui/#link=a-b_c then', 'https://127.0.0.1:6443/ui/#link=[removed] then'],
  ['a key of a kubeconfig', 'client-key-data: QUJD\n', 'client-key-data: [removed]\n'],
  ['a token of a kubeconfig', 'token: abc', 'token: [removed]'],
  ['a password in JSON', '{"password":"a \\" b","x":1}', '{"password":"[removed]","x":1}'],
  ['a password in a text in JSON', '{"m":"{\\"password\\":\\"a b\\"}"}', '{"m":"{\\"password\\":\\"[removed]\\"}"}'],
  ['a password of a flag', '--db-password=abc --x', '--db-password=[removed] --x'],
  ['credentials in an address', 'http://user:pass@host:2379', 'http://[removed]@host:2379'],
  ['a password with an @ in an address', 'http://user:p@ss@host:2379/a', 'http://[removed]@host:2379/a'],
  ['credentials in a target', 'for target dns:root:PW@127.0.0.1:1, again', 'for target [removed]@127.0.0.1:1, again'],
  ['credentials without a protocol', '(root:p/w@db:5432)', '([removed]@db:5432)'],
  ['a password in a word of its own', '["--password","a b","--x"]', '["--password","[removed]","--x"]'],
  ['one in JSON in JSON', '\\"--api-key\\",\\"abc\\",', '\\"--api-key\\",\\"[removed]\\",'],
  ['one of a command line', 'run --db-password abc --x', 'run --db-password [removed] --x'],
  ['a header with a key', 'X-Api-Key: abc, x', 'X-Api-Key: [removed], x'],
  ['a cookie', 'Cookie: a=b; c=d\nx', 'Cookie: [removed]\nx'],
  ['another authorization', '"Authorization":"Token abc"', '"Authorization":"Token [removed]"'],
  [
    'a variable beside its name',
    '{"name":"DB_PASSWORD","value":"a b","x":1}',
    '{"name":"DB_PASSWORD","value":"[removed]","x":1}',
  ],
])('of %s nothing is left, and all that is around it', (_what, text, left) => {
  expect(blot(text)).toBe(left);
});

it('a secret that is known goes in every form, each of its lines too', () => {
  const known = ['open sesame', 'first line\nsecond "line"'];
  const text = `open sesame, ${Buffer.from('open sesame').toString('base64')}, first line, ${JSON.stringify(known[1])}, other`;
  expect(blot(text, known)).toBe('[removed], [removed], [removed], "[removed]", other');
});

it.each([
  ['bytes that are no text', Buffer.from([0xfb, 0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28, 0xfa])],
  ['bytes whose base64 has no padding', Buffer.from([0xfb, 0xff, 0xfe, 0x00, 0x80, 0xc3])],
  ['bytes that are text', Buffer.from('hunter2>?')],
  ['text', 'hunter2>?'],
])('a secret goes as programs write down bytes: %s', (_what, secret) => {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64');
  const forms = [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')];
  forms.push(bytes.toString('hex').toUpperCase(), bytes.toString());
  for (const form of forms) expect(blot(`key <${form}> read`, [secret])).toBe('key <[removed]> read');
});

it('ordinary words stay', () => {
  const text =
    'pod a/web-7d4b9c6f5-x7k2p.18a2b3c4d5e6f7a8 mounts secretName: web, image nginx:1.27@sha256:0a1b at https://host/v2/';
  expect(blot(text, ['gin', 'web'])).toBe(text);
});

it('a short secret goes where it is a word', () => {
  expect(blot('pw=hunter2 hunter22 "hunter2"', ['hunter2'])).toBe('pw=[removed] hunter22 "[removed]"');
  expect(blot('a+(b.|c-d]', ['(b.|', 'c-d]'])).toBe('a+[removed][removed]');
});

it('what a file in a Secret holds goes by itself', () => {
  const registry = JSON.stringify({ auths: { 'r.example': { password: 'letmein' } } });
  const settings = 'A=first one\nPASS="hunter2"';
  expect(blot('letmein, hunter2, r.example', [registry, settings])).toBe('[removed], [removed], r.example');
});

it('of a value JSON is left, whatever the secrets are', () => {
  const value = { port: 5432, ready: true, my5432: 'is 5432', token: 'x', list: ['true', { password: 'y' }], true: 1 };
  expect(blotter(['5432', 'true']).value(value)).toEqual({
    port: 5432,
    ready: true,
    my5432: 'is [removed]',
    token: '[removed]',
    list: ['[removed]', { password: '[removed]' }],
    '[removed]': 1,
  });
});

it('a long line without a space is searched in no time that counts', () => {
  const text = `${'a'.repeat(1_000_000)}${':b'.repeat(10_000)}`;
  expect(blot(text)).toBe(text);
});
