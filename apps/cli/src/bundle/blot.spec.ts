import { expect, it } from 'vitest';
import { blot } from './blot.ts';

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
])('of %s nothing is left, and all that is around it', (_what, text, left) => {
  expect(blot(text)).toBe(left);
});

it('a secret that is known goes in every form, each of its lines too', () => {
  const known = ['open sesame', 'first line\nsecond "line"'];
  const text = `open sesame, ${Buffer.from('open sesame').toString('base64')}, first line, ${JSON.stringify(known[1])}, other`;
  expect(blot(text, known)).toBe('[removed], [removed], [removed], "[removed]", other');
});

it('ordinary words stay', () => {
  const text =
    'pod a/web-7d4b9c6f5-x7k2p.18a2b3c4d5e6f7a8 mounts secretName: web, image nginx:1.27 at https://host/v2/';
  expect(blot(text, ['short'])).toBe(text);
});
