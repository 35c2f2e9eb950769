import { FakeClock } from '@kubernest/kit';
import { memoryStore } from '@kubernest/store/memory';
import { storeWith, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Revision = () => Promise<number>;
let answer: Revision | undefined;
let api: TestServer;

beforeEach(async () => {
  answer = undefined;
  const store = memoryStore({ clock: new FakeClock() });
  api = await testServer({
    store: storeWith(store, { currentRevision: (ctx) => (answer ? answer() : store.currentRevision(ctx)) }),
  });
});
afterEach(() => api[Symbol.asyncDispose]());

const ask = async (path: string) => {
  const { status, text } = await api.call(`GET ${path}`);
  return [status, text];
};
const ready = ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', 'shutdown'];
const healthy = ['ping', 'log', 'etcd'];
const alive = ['ping', 'log'];
const lines = (names: readonly string[], of: (name: string) => string = () => 'ok') =>
  names.map((name) => `[${of(name).startsWith('failed') ? '-' : '+'}]${name} ${of(name)}\n`).join('');

describe.each([
  ['readyz', ready],
  ['livez', alive],
  ['healthz', healthy],
])('/%s', (root, names) => {
  it('is ok, and says of each check that it is when asked to', async () => {
    expect(await ask(`/${root}`)).toEqual([200, 'ok']);
    expect(await ask(`/${root}?verbose`)).toEqual([200, `${lines(names)}${root} check passed\n`]);
  });

  it('answers for each check at its own path, and for no other', async () => {
    for (const name of names) expect(await ask(`/${root}/${name}`)).toEqual([200, 'ok']);
    expect(await ask(`/${root}/made-up`)).toEqual([404, '404 page not found\n']);
    expect((await ask(`/${root}/ping/`))[0]).toBe(404);
  });

  it('leaves out what it is told to, and warns of what there is not', async () => {
    const without = lines(names, (name) => (name === 'log' ? 'excluded: ok' : 'ok'));
    const warning = 'warn: some health checks cannot be excluded: no matches for "a,b", "x"\n';
    const query = 'verbose&exclude=log&exclude=x&exclude=a,b';
    expect(await ask(`/${root}?${query}`)).toEqual([200, `${without}${warning}${root} check passed\n`]);
  });
});

describe.each([
  ['readyz', ready],
  ['healthz', healthy],
])('/%s', (root, names) => {
  it('fails with a store that fails, tells everybody only that, and why where the check itself is asked', async () => {
    answer = () => Promise.reject(new Error('no store today'));
    const told = lines(names, (name) => (name.startsWith('etcd') ? 'failed: reason withheld' : 'ok'));
    expect(await ask(`/${root}`)).toEqual([500, `${told}${root} check failed\n`]);
    expect(await ask(`/${root}/etcd`)).toEqual([500, 'internal server error: no store today\n']);
    const excluded = names.filter((name) => name.startsWith('etcd')).map((name) => `exclude=${name}`);
    expect((await ask(`/${root}?${excluded.join('&')}`))[0]).toBe(200);
  });
});

it('/livez does not ask the store: nobody is helped by an API server that is started again', async () => {
  answer = () => Promise.reject(new Error('no store today'));
  expect(await ask('/livez')).toEqual([200, 'ok']);
});

it('waits two seconds for a store that says nothing', async () => {
  answer = () => new Promise(() => {});
  const began = api.clock.now().getTime();
  expect(await api.clock.passUntil(ask('/readyz/etcd'))).toEqual([
    500,
    'internal server error: the store has not answered within 2 s\n',
  ]);
  expect(api.clock.now().getTime() - began).toBe(2_000);
});
