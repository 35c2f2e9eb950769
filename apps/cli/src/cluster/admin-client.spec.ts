import { expect, it } from 'vitest';
import { adminClient } from './admin-client.ts';
import { ClusterDir } from './cluster-dir.ts';

it('a control plane that has not come up is told of as that, and not as a fault of a kubeconfig', () => {
  expect(() => adminClient(new ClusterDir('mine', '/nowhere/data'))).toThrow(
    'the control plane of cluster "mine" has not come up yet; its log is /nowhere/data/run/api.log',
  );
});
