import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headBlock, stepsOf } from '../../tools/docs/steps.ts';
import { noFoundEngine, root, run, TestCluster } from '../cluster/test-cluster.ts';
import { Reader } from './reader.ts';

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

it.each(hollow)(
  '%s does what its head says',
  async (name) => {
    const home = mkdtempSync(join(tmpdir(), 'kubernest-e2e-'));
    const env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), ...noFoundEngine(home) };
    const cluster = { home, env, name: 'e2e-hollow-example', dataDir: join(home, 'data') };
    try {
      await new Reader(cluster).follow(stepsIn(name));
      expect(existsSync(cluster.dataDir)).toBe(false);
    } finally {
      const own = ['--purge', `--name=${cluster.name}`, `--data-dir=${cluster.dataDir}`];
      await run(process.execPath, [join(root, 'dist/cli.js'), 'down', ...own], { env });
      rmSync(home, { recursive: true, force: true });
    }
  },
  300_000,
);
