import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ClusterKind, readGuide } from '../../tools/docs/guide.ts';
import { needs } from '../../tools/test/facts.ts';
import { root, TestCluster } from '../cluster/test-cluster.ts';
import { OwnSystemd } from './own-systemd.ts';
import { followAlone, followSteps, Reader } from './reader.ts';

const folder = join(root, 'docs/guide');
const guides = readdirSync(folder)
  .map((name) => ({ name, ...readGuide(readFileSync(join(folder, name), 'utf8')) }))
  .filter((guide): guide is typeof guide & { cluster: ClusterKind } => guide.cluster !== undefined);
const clusterName = (guide: string): string => `e2e-guide-${guide.replace('.md', '')}`;

it('there are guides for each kind of cluster', () => {
  expect(new Set(guides.map(({ cluster }) => cluster))).toEqual(new Set(['real', 'hollow', 'none', 'systemd']));
});

it.each(guides.filter(({ cluster }) => cluster !== 'systemd'))(
  '$name says what works, word by word',
  async ({ name, cluster: kind, steps }) => {
    if (kind === 'none') return followAlone(clusterName(name), steps);
    const args = kind === 'hollow' ? ['--runtime=hollow', '--hollow-nodes=3'] : [];
    await using cluster = await TestCluster.start(clusterName(name), args);
    await new Reader(cluster).follow(steps);
  },
  180_000,
);

it.each(guides.filter(({ cluster }) => cluster === 'systemd'))(
  '$name says what works, word by word',
  { ...needs('root', 'systemd'), timeout: 180_000 },
  async ({ steps }) => {
    await using systemd = await OwnSystemd.start();
    await followSteps(steps, (command) => systemd.run(command));
  },
);
