import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, root, run, TestCluster } from '../cluster/test-cluster.ts';

const examples = join(root, 'examples');

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.start('e2e-examples');
  const flags = [`--name=${cluster.name}`, `--data-dir=${cluster.dataDir}`];
  const made = await run(join(examples, 'images.sh'), flags, { env: cluster.env });
  if (made.code !== 0) throw new Error(`examples/images.sh: ${made.stderr}`);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

/** What each example is there to show, once it is up. */
const shows: Readonly<Record<string, () => Promise<void>>> = {
  async 'reader.yaml'() {
    const kubectl = ['exec', 'reader', '--', 'kubectl'];
    expect(await cluster.kubectl(...kubectl, 'get', 'pods', '-o', 'name')).toBe('pod/reader\n');
    for (const refused of [
      ['get', 'secrets'],
      ['get', 'pods', '-n', 'kube-system'],
      ['delete', 'pod', 'reader'],
    ])
      expect((await cluster.tryKubectl([...kubectl, ...refused])).stderr).toContain('forbidden');
  },
  async 'web.yaml'() {
    await cluster.kubectl('rollout', 'status', 'deployment/web', '--timeout=50s');
    const port = await cluster.kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    const pods = new Set<string>();
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(3000) });
      pods.add(/^hello from (web-\S+)\n$/.exec(await answer.text())![1]!);
      expect(pods.size).toBe(3);
    });
  },
};

describe('the examples on a real engine', () => {
  it.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))(
    '%s comes up, shows what it is for, changes nothing when applied again, and goes at once',
    async (name) => {
      const file = join(examples, name);
      await cluster.kubectl('apply', '-f', file);
      await cluster.kubectl('wait', '--for=condition=Ready', 'pod', '--all', '--timeout=50s');
      await shows[name]!();
      const again = (await cluster.kubectl('apply', '-f', file)).trim().split('\n');
      expect(again.filter((line) => !line.endsWith('unchanged'))).toEqual([]);
      await cluster.kubectl('delete', '-f', file);
      // Less than the 30 s after which what does not listen is killed.
      await cluster.kubectl('wait', '--for=delete', 'pod', '--all', '--timeout=20s');
    },
  );
});
