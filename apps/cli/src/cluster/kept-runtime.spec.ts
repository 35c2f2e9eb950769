import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../command/command.ts';
import { ClusterDir, type ClusterFacts } from './cluster-dir.ts';
import { keptFacts, type NodeWishes, nodesOf } from './kept-runtime.ts';
import { recordSession } from './session.ts';

const facts: ClusterFacts = { format: 1, name: 'mine', index: 1, apiPort: 1, kubeletPort: 2, store: 'sqlite' };
const hollow: ClusterFacts = { ...facts, runtime: 'hollow', hollowNodes: 3 };
const docker: ClusterFacts = { ...facts, runtime: 'docker', hollowNodes: 1 };

describe('what runs the pods of a cluster', () => {
  it.each<[string, ClusterFacts | undefined, NodeWishes, string, number]>([
    ['is Docker unless something else is asked for', undefined, {}, 'docker', 1],
    ['is asked for at the first start', undefined, { runtime: 'hollow', hollowNodes: 3 }, 'hollow', 3],
    ['stays, and so does the number of simulated nodes', hollow, {}, 'hollow', 3],
    [
      'may be asked for again, with another number of nodes',
      hollow,
      { runtime: 'hollow', hollowNodes: 5 },
      'hollow',
      5,
    ],
    ['needs not be asked for with it', hollow, { hollowNodes: 0 }, 'hollow', 0],
    ['is asked for where an older version kept none', facts, { runtime: 'hollow' }, 'hollow', 1],
    ['stays Docker', docker, { nodeName: 'edge' }, 'docker', 1],
  ])('%s', (_what, kept, wishes, runtime, hollowNodes) => {
    expect(nodesOf(kept, wishes)).toEqual({ runtime, hollowNodes });
  });

  it.each<[ClusterFacts, 'docker' | 'hollow', string]>([
    [hollow, 'docker', 'hollow'],
    [docker, 'hollow', 'docker'],
  ])('is never changed: %j', (kept, runtime, has) => {
    expect(() => nodesOf(kept, { runtime })).toThrow(
      `cluster "mine" was made with --runtime ${has}, and keeps it for its life; use another --name for --runtime ${runtime}`,
    );
  });

  it('is no guess where nobody kept it', () => {
    for (const wishes of [{}, { hollowNodes: 2 }, { nodeName: 'edge' }])
      expect(() => nodesOf(facts, wishes)).toThrow('name it, as then, with --runtime=docker or --runtime=hollow');
  });

  it.each<[ClusterFacts | undefined, NodeWishes]>([
    [undefined, { hollowNodes: 2 }],
    [docker, { hollowNodes: 2 }],
    [undefined, { runtime: 'hollow', nodeName: 'edge' }],
    [hollow, { nodeName: 'edge' }],
  ])('makes some flags idle, which are refused: %j, %j', (kept, wishes) => {
    expect(() => nodesOf(kept, wishes)).toThrow(UsageError);
  });

  it('binds once a cluster has run; of one whose facts do not tell, its last start does', () => {
    const dir = new ClusterDir('mine', mkdtempSync(join(tmpdir(), 'kubernest-runtime-')));
    onTestFinished(() => rmSync(dir.path, { recursive: true }));
    dir.save(hollow);
    expect(keptFacts(dir)).toBeUndefined();
    writeFileSync(dir.adminKubeconfig(), '');
    expect(keptFacts(dir)).toEqual(hollow);
    dir.save(facts);
    expect(nodesOf(keptFacts(dir), { runtime: 'docker' }).runtime).toBe('docker');
    mkdirSync(dir.in('run'));
    recordSession(dir, { runtime: 'hollow', hollowNodes: 7, startedAt: '2026-01-01T00:00:00Z', version: '1' });
    expect(nodesOf(keptFacts(dir), {})).toEqual({ runtime: 'hollow', hollowNodes: 7 });
    dir.save(docker);
    expect(nodesOf(keptFacts(dir), {}).runtime).toBe('docker');
  });
});
