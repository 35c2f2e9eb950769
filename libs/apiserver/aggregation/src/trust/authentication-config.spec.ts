import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { authenticationConfig } from './authentication-config.ts';

const config = { clientCa: 'CLIENTS', frontProxyCa: 'PROXIES', allowedNames: ['front-proxy-client'] };
const by = { user: { username: 'system:apiserver', groups: [] }, fieldManager: 'kube-apiserver', dryRun: false };
const all = '/api/v1/namespaces/kube-system/configmaps';
const one = `${all}/extension-apiserver-authentication`;

const data = {
  'client-ca-file': 'CLIENTS',
  'requestheader-allowed-names': '["front-proxy-client"]',
  'requestheader-client-ca-file': 'PROXIES',
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  'requestheader-group-headers': '["X-Remote-Group"]',
  'requestheader-uid-headers': '["X-Remote-Uid"]',
  'requestheader-username-headers': '["X-Remote-User"]',
};

let api: TestServer;
beforeEach(async () => {
  api = await testServer();
});
afterEach(() => api[Symbol.asyncDispose]());

const run = () => authenticationConfig(api.server.core, config, by).start(api.ctx);

async function until(isSo: (data: Record<string, string> | undefined) => boolean) {
  for (;;) {
    const { object } = await api.call(`GET ${one}`);
    if (isSo(object.data)) return object.data;
    await new Promise(setImmediate);
  }
}
const isWhole = (held: Record<string, string> | undefined): boolean => held?.['client-ca-file'] === 'CLIENTS';

test('what aggregated APIs must know of this server is there, and comes back', async () => {
  await run();
  expect(await until(isWhole)).toEqual(data);
  await api.call(`DELETE ${one}`);
  expect(await until(isWhole)).toEqual(data);
  const { object } = await api.call(`GET ${one}`);
  await api.call(`PUT ${one}`, { ...object, data: { ...data, 'client-ca-file': 'MINE', more: 'mine' } });
  expect(await until(isWhole)).toEqual({ ...data, more: 'mine' });
});

test('what is as it should be is not written', async () => {
  await api.call(`POST ${all}`, { metadata: { name: 'extension-apiserver-authentication' }, data });
  const { object: before } = await api.call(`GET ${one}`);
  await run();
  await api.call(`POST ${all}`, { metadata: { name: 'another' } });
  expect((await api.call(`GET ${one}`)).object).toEqual(before);
});

test('a write that fails leaves nobody behind who waits for a change', async () => {
  const { core } = api.server;
  let following = 0;
  const atWrites: number[] = [];
  const subscribe: typeof core.read.subscribe = (ref, onChange) => {
    const leave = core.read.subscribe(ref, onChange);
    following += 1;
    return () => {
      following -= 1;
      leave();
    };
  };
  const modify: typeof core.write.modify = async () => {
    atWrites.push(following);
    throw new Error('the store is away');
  };
  const faulty = { read: { ...core.read, subscribe }, write: { ...core.write, modify } };
  await authenticationConfig(faulty, config, by).start(api.ctx);
  while (atWrites.length < 4) await api.clock.advance(60_000);
  expect(new Set(atWrites)).toEqual(new Set([1]));
});
