import { expect, it } from 'vitest';
import { storeAddresses } from './store-addresses.ts';

it.each([
  ['sqlite', []],
  ['http://127.0.0.1:2379', ['http://127.0.0.1:2379']],
  ['http://a:2379,https://b:2379', ['http://a:2379', 'https://b:2379']],
])('a store is in a file, or at the addresses of etcd: %s', (text, addresses) =>
  expect(storeAddresses(text)).toEqual(addresses),
);

it.each(['', 'somewhere', 'sqlite,http://db:2379', 'http://a:1,b:2', 'ftp://a', 'http://a:1,'])(
  'what is neither is refused: %j',
  (text) => expect(() => storeAddresses(text)).toThrow('sqlite, or the addresses of etcd such as'),
);

it.each([
  'http://root:secret@db:2379',
  'http://a:2379,https://root@db:2379',
  'root:secret@db:2379',
  'http://root:sec ret@db:port',
])('nobody signs in, and who would is not said again, an address or not: %s', (text) => {
  const refused = (): unknown => storeAddresses(text);
  expect(refused).toThrow(/takes no user and no password/);
  expect(refused).not.toThrow(/secret|sec ret|root/);
});
