import { expect, it } from 'vitest';
import type { ClusterFacts } from './cluster-dir.ts';
import { ownNodes, wordOf } from './start-node.ts';

const facts: ClusterFacts = { format: 1, name: 'mine', index: 3, apiPort: 1, kubeletPort: 2, store: 'sqlite' };
const names = [
  'kubernest-mine',
  'kubernest',
  'edge',
  'hollow-0',
  'hollow-1',
  'hollow-2',
  'hollow-01',
  'hollow-',
  'x-hollow-0',
];
const own = (isOwn: (name: string) => boolean): readonly string[] => names.filter(isOwn);

it('a start with containers has the one node of its name, a hollow one as many as it simulates', () => {
  const docker = { runtime: 'docker', hollowNodes: 1 } as const;
  expect(own(ownNodes(facts, docker))).toEqual(['kubernest-mine']);
  expect(own(ownNodes({ ...facts, nodeName: 'edge' }, docker))).toEqual(['edge']);
  expect(own(ownNodes(facts, { runtime: 'hollow', hollowNodes: 2 }))).toEqual(['hollow-0', 'hollow-1']);
});

it.each([
  ['of before', 'a', '2026-01-01T00:00:04Z', undefined],
  ['of no time', 'a', undefined, undefined],
  ["that is another's", 'b', '2026-01-01T00:00:06Z', undefined],
  ['of the same second', 'a', '2026-01-01T00:00:05Z', { ready: true }],
  ['of later', 'a', '2026-01-01T00:00:06Z', { ready: true }],
])('a word %s counts for what it is', (_what, name, lastHeartbeatTime, word) => {
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime }];
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { conditions } };
  const start = { begunAt: new Date('2026-01-01T00:00:05.700Z'), isOwn: (each: string) => each === 'a' };
  expect(wordOf(node as Parameters<typeof wordOf>[0], start)).toEqual(word);
});
