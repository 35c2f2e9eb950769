import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { adminClient, patient } from './admin-client.ts';
import { ClusterDir } from './cluster-dir.ts';

it('a control plane that has not come up is told of as that, and not as a fault of a kubeconfig, nor as none', () => {
  const path = mkdtempSync(join(tmpdir(), 'kubernest-admin-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const dir = new ClusterDir('mine', path);
  expect(() => adminClient(dir)).toThrow(`there is no cluster "mine" in ${path}; start one with`);
  dir.save({ format: 1, name: 'mine', index: 0, apiPort: 6443, kubeletPort: 10250, store: 'sqlite' });
  expect(() => adminClient(dir)).toThrow(
    `the control plane of cluster "mine" has not come up yet; its log is ${path}/run/api.log`,
  );
});

it('a call that nobody answers is given up, and named; a watch goes on as long as it is wanted', async () => {
  const clock = new FakeClock();
  const ctx = { signal: new AbortController().signal, clock, log: silentLogger };
  const silent = () => new Promise<never>(() => {});
  const { call, watch } = patient({ call: silent, watch: silent }, 'the API at https://127.0.0.1:1');
  const request = { method: 'GET', path: '/' } as const;
  const asked = call(request, ctx).catch((error: unknown) => String(error));
  let watches = true;
  void watch(request, () => {}, ctx).finally(() => {
    watches = false;
  });
  await clock.advance(60_000);
  expect([await asked, watches]).toEqual([
    'NoAnswerError: the API at https://127.0.0.1:1 did not answer within 15 s',
    true,
  ]);
});
