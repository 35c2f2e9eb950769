import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-hangs', ['--runtime=hollow', '--hollow-nodes=2']);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const nodesReady = async (): Promise<void> => {
  const ready = await cluster.kubectl(
    'get',
    'nodes',
    '-o',
    'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}',
  );
  expect(ready).toBe('True True');
};

describe.each(['api', 'agent'])('a process that is stopped (%s)', (name) => {
  it('is ended and started again, which is told, and the cluster serves as before', async () => {
    const pid = cluster.pid(name);
    process.kill(pid, 'SIGSTOP');
    await eventually(async () => {
      if (cluster.pid(name) === pid) throw new Error(`${name} was not started again`);
    });
    expect(cluster.log('up')).toContain(`${name} hangs: it is stopped and has not answered for `);
    await eventually(nodesReady);
    await eventually(() => cluster.kubectl('create', 'configmap', `after-${name}`));
    const status = await cluster.kubernest('status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(
      new RegExp(`${name} +running \\(pid ${cluster.pid(name)}\\)\\n +started again at .*Z: hung: it is stopped`),
    );
  });
});

describe('a fault that no restart mends', () => {
  it('met by an api that is started again ends the cluster with its reason, not in a loop', async () => {
    await cluster.kubernest('down');
    await cluster.up();
    const up = cluster.pid('up');
    const restarts = (): number => cluster.log('up').split('starting it again').length - 1;
    const before = restarts();
    rmSync(join(cluster.dataDir, 'sealing.key'));
    process.kill(cluster.pid('api'), 'SIGKILL');
    await eventually(async () => {
      expect(() => process.kill(up, 0)).toThrow('ESRCH');
    });
    expect(cluster.log('up').trimEnd().split('\n').at(-1)).toMatch(
      /^kubernest: api ended and cannot be started again: the sealing key .* is missing/,
    );
    expect(restarts()).toBe(before + 1);
    expect((await cluster.kubernest('status')).stdout).toMatch(
      /^up +not running\napi +not running\nagent +not running/m,
    );
  });
});
