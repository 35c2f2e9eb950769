import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headBlock, stepsOf } from '../../tools/docs/steps.ts';
import { root, TestCluster } from '../cluster/test-cluster.ts';
import { followAlone, Reader } from './reader.ts';

const folder = join(root, 'examples');
/** One file or one folder each. */
const headOf = (name: string): string =>
  join(folder, name, existsSync(join(folder, name, 'kustomization.yaml')) ? 'kustomization.yaml' : '');
const stepsIn = (name: string) => stepsOf(headBlock(readFileSync(headOf(name), 'utf8')));
const examples = readdirSync(folder);
const hollow = examples.filter((name) => name.startsWith('hollow-'));

describe('the examples on a real engine', () => {
  let cluster: TestCluster;
  let reader: Reader;
  beforeAll(async () => {
    cluster = await TestCluster.start('e2e-examples');
    reader = new Reader(cluster);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  it.each(examples.filter((name) => !hollow.includes(name)))(
    '%s does what its head says, and leaves nothing',
    async (name) => {
      const before = await everything();
      const steps = stepsIn(name);
      expect(steps.filter(({ shows }) => shows.length > 0)).not.toEqual([]);
      await reader.follow(steps);
      await cluster.kubectl('wait', '--for=delete', 'pod', '--all', '--timeout=20s');
      expect(await everything()).toEqual(before);
    },
    120_000,
  );

  /** What is there besides pods, which may be on their way out. */
  async function everything(): Promise<readonly string[]> {
    const kinds = 'deployments,services,configmaps,secrets,roles,rolebindings,namespaces';
    return (await cluster.kubectl('get', kinds, '-A', '-o', 'name')).trim().split('\n').sort();
  }
});

it.each(hollow)('%s does what its head says', (name) => followAlone('e2e-hollow-example', stepsIn(name)), 300_000);
