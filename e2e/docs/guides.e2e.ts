import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ClusterKind, readGuide } from '../../tools/docs/guide.ts';
import type { Step } from '../../tools/docs/steps.ts';
import { cli, noFoundEngine, root, run, TestCluster } from '../cluster/test-cluster.ts';
import { Reader } from './reader.ts';

const folder = join(root, 'docs/guide');
const guides = readdirSync(folder)
  .map((name) => ({ name, ...readGuide(readFileSync(join(folder, name), 'utf8')) }))
  .filter((guide): guide is typeof guide & { cluster: ClusterKind } => guide.cluster !== undefined);
const clusterName = (guide: string): string => `e2e-guide-${guide.replace('.md', '')}`;

it('there are guides for each kind of cluster', () => {
  expect(new Set(guides.map(({ cluster }) => cluster))).toEqual(new Set(['real', 'hollow', 'none']));
});

it.each(guides)(
  '$name says what works, word by word',
  async ({ name, cluster: kind, steps }) => {
    if (kind === 'none') return ofItsOwn(clusterName(name), steps);
    const args = kind === 'hollow' ? ['--runtime=hollow', '--hollow-nodes=3'] : [];
    await using cluster = await TestCluster.start(clusterName(name), args);
    await new Reader(cluster).follow(steps);
  },
  180_000,
);

/** Such a guide starts its cluster and ends it. */
async function ofItsOwn(name: string, steps: readonly Step[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'kubernest-e2e-'));
  const env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), ...noFoundEngine(home) };
  const cluster = { home, env, name, dataDir: join(home, 'data') };
  try {
    await new Reader(cluster).follow(steps);
  } finally {
    const own = ['--purge', `--name=${name}`, `--data-dir=${cluster.dataDir}`];
    await run(process.execPath, [cli, 'down', ...own], { env });
    rmSync(home, { recursive: true, force: true });
  }
}
