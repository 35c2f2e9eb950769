import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { adminClient } from './admin-client.ts';
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
