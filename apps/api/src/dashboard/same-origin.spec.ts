import { expect, it } from 'vitest';
import { isOwnPages } from './same-origin.ts';

const host = '127.0.0.1:6443';
it.each([
  ['no browser', {}, true],
  ['our page', { 'sec-fetch-site': 'same-origin', origin: `https://${host}` }, true],
  [
    'our page behind a proxy that changes the host',
    { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:8001' },
    true,
  ],
  ['our page in an older browser', { origin: `https://${host}` }, true],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, false],
  ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'https://127.0.0.1:9000' }, false],
  ['somebody’s address bar', { 'sec-fetch-site': 'none' }, false],
  ['another site in an older browser', { origin: 'https://evil.example' }, false],
  ['a page without an origin', { origin: 'null' }, false],
  ['a name that only begins so', { origin: `https://${host}.evil.example` }, false],
])('%s', (_from, headers, own) => {
  expect(isOwnPages({ host, ...headers })).toBe(own);
});
