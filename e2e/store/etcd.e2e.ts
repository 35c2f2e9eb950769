import { setTimeout as wait } from 'node:timers/promises';
import { openEtcdStore } from '@kubernest/store/etcd';
import { afterAll, beforeAll } from 'vitest';
import { describeStore } from '../../libs/store/contract/src/suite.ts';
import { TestEtcd } from './support/etcd.ts';

let etcd: TestEtcd;
let opened = 0;

beforeAll(async () => {
  etcd = await TestEtcd.start();
}, 20_000);
afterAll(() => etcd.dispose());

describeStore('etcd', async () => {
  const store = await openEtcdStore({ endpoints: [etcd.endpoint], prefix: `/test-${opened++}` });
  return { store, pass: (seconds) => wait(seconds * 1000), dispose: () => store.close() };
});
