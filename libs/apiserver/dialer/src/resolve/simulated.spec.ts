import type { Context } from '@kubernest/kit';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, test } from 'vitest';
import type { ClusterReader } from '../contract.ts';
import { agentOf } from './node.ts';
import { podEndpoint } from './pod.ts';
import { serviceEndpoint } from './service.ts';

const objects = (runtime: string): Readonly<Record<string, object>> => ({
  'nodes n': {
    status: {
      addresses: [{ type: 'InternalIP', address: '245.0.0.1' }],
      nodeInfo: { containerRuntimeVersion: runtime },
    },
  },
  'pods shop/web': { spec: { nodeName: 'n', containers: [] }, status: { podIP: '246.0.0.1' } },
  'services shop/web': { spec: { ports: [{ port: 80 }] } },
});
const slice = {
  metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
  ports: [{ name: '', port: 8080 }],
  endpoints: [{ addresses: ['246.0.0.1'], nodeName: 'n' }],
};
const readerOf = (runtime: string): ClusterReader => ({
  get: <T extends KubeObject>({ resource }: { resource: string }, key: string) =>
    objects(runtime)[`${resource} ${key}`] as T | undefined,
  list: <T extends KubeObject>() => [slice] as unknown as readonly T[],
  fetch: async () => undefined,
});

const wanted = { namespace: 'shop', name: 'web', port: '80', security: 'none' } as const;
const ways: readonly (readonly [string, (read: ClusterReader) => unknown])[] = [
  ['its agent', (read) => agentOf(read, 'n')],
  ['its pods', (read) => podEndpoint(read, wanted, {} as Context)],
  ['Services that lead to them', (read) => serviceEndpoint(read, wanted)],
];

describe('of a simulated node', () => {
  test.each(ways)('%s are nowhere: its addresses are nobody’s, or a stranger’s', async (_, reach) => {
    await expect(async () => reach(readerOf('hollow://1'))).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining('node "n" is simulated') as string,
    });
    expect(await reach(readerOf('docker://1'))).toMatchObject({ host: expect.stringMatching(/^24[56]\.0\.0\.1$/) });
  });
});
