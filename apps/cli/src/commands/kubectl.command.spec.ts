import { delimiter } from 'node:path';
import { expect, it } from 'vitest';
import { kubeconfigOf } from './kubectl.command.ts';

it('kubectl gets the kubeconfig of the cluster, whatever its path is', () => {
  expect(kubeconfigOf('/a/admin.kubeconfig')).toEqual({ flags: [], env: { KUBECONFIG: '/a/admin.kubeconfig' } });
  const file = `/a${delimiter}b/admin.kubeconfig`;
  expect(kubeconfigOf(file)).toEqual({ flags: [`--kubeconfig=${file}`], env: {} });
});
