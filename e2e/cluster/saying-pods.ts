import { expect, it } from 'vitest';
import type { TestCluster } from './test-cluster.ts';

interface Case {
  readonly script: string;
  readonly container?: object;
  readonly spec?: object;
  readonly metadata?: object;
}

/** What a case shows, the pod, and what its script says, line by line. */
export type Cases = [string, Case, (string | RegExp)[]][];

/** Gives the cluster what the cases need: a busybox image `box:1`, a ConfigMap `settings` and a Secret `keys`. */
export async function furnish(cluster: TestCluster): Promise<void> {
  await cluster.image('box:1', { command: ['/bin/sh', '-c', 'true'] });
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
        data: { color: 'blue', 'app.conf': 'one' },
        binaryData: { raw: Buffer.from('bin').toString('base64') },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { key: 's3cret' } },
    ],
  });
}

let serial = 0;
/** Runs a script in a pod of its own to its end and returns what it said, line by line. */
export async function says(cluster: TestCluster, { script, container, spec, metadata }: Case): Promise<string[]> {
  const name = `case-${++serial}`;
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      ...spec,
      containers: [{ name: 'main', image: 'box:1', command: ['/bin/sh', '-c', script], ...container }],
    },
  });
  await cluster.kubectl('wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s');
  return (await cluster.kubectl('logs', name)).trimEnd().split('\n');
}

/** One test a case, all of them at once. */
export function itSays(cluster: () => TestCluster, cases: Cases): void {
  it.concurrent.each(cases)('%s', async (_name, given, expected) => {
    const lines = await says(cluster(), given);
    expect(lines).toEqual(expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))));
  });
}
