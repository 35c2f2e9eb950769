import type { Controller } from '@kubernest/controllers/engine';
import { FakeClock, silentLogger } from '@kubernest/kit';
import { issueAuthority, signCertificate } from '@kubernest/pki';
import { type TestCluster, testCluster } from '@kubernest/testkit/cluster';
import { aggregationControllers, authorityControllers, builtinControllers } from '../index.ts';

const authority = issueAuthority('test', {
  signal: new AbortController().signal,
  clock: new FakeClock(),
  log: silentLogger,
});

/** All of them. */
export const testControllers: readonly Controller[] = [
  ...builtinControllers({ rootCa: 'PEM', clusterCidr: '10.244.0.0/16' }),
  ...authorityControllers({
    sign: async (terms, ctx) => signCertificate(await authority, terms, ctx),
    apiAddresses: () => ['192.0.2.1'],
    ownNodes: ['own'],
  }),
  ...aggregationControllers({ check: async () => {} }),
];

/** In which all of them run. */
export const builtinCluster = (): Promise<TestCluster> => testCluster({ controllers: testControllers });
