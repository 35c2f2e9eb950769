import type { Node, Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { abandoned, surplus } from './pod-garbage-collector.plan.ts';

interface Facts {
  readonly node?: string;
  readonly deleted?: boolean;
  readonly phase?: string;
  readonly reason?: string;
  readonly name?: string;
  readonly created?: string;
}
const pod = ({ node, deleted, phase, reason, name = 'p', created }: Facts): Pod =>
  ({
    metadata: { name, creationTimestamp: created, deletionTimestamp: deleted ? 'now' : undefined },
    spec: { nodeName: node, containers: [] },
    status: { phase, reason },
  }) as unknown as Pod;
const node = (ready: string, taint?: string): Node =>
  ({
    metadata: { name: 'n' },
    spec: { taints: taint ? [{ key: taint, effect: 'NoExecute' }] : [] },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  }) as Node;
const out = 'node.kubernetes.io/out-of-service';
const nodes: Readonly<Record<string, Node>> = {
  here: node('True'),
  silent: node('Unknown'),
  out: node('Unknown', out),
  works: node('True', out),
};

describe('a pod is abandoned', () => {
  it.each<[string, Pod, ReturnType<typeof abandoned>]>([
    ['when its node is gone', pod({ node: 'gone' }), 'orphaned'],
    ['when it is to go and never had a node', pod({ deleted: true }), 'unbound'],
    ['when it is to go and its node is out of service', pod({ deleted: true, node: 'out' }), 'out of service'],
    ['not while its node is there', pod({ node: 'here', deleted: true }), undefined],
    ['not while its node is only silent', pod({ node: 'silent', deleted: true }), undefined],
    ['not while its node is out of service but works', pod({ node: 'works', deleted: true }), undefined],
    ['not while it is to stay on a node out of service', pod({ node: 'out' }), undefined],
    ['not while it waits for a node', pod({}), undefined],
  ])('%s', (_what, object, expected) => {
    expect(abandoned(object, (name) => nodes[name])).toBe(expected);
  });
});

describe('finished pods that are too many', () => {
  const pods = [
    pod({ name: 'b', phase: 'Failed', created: '2' }),
    pod({ name: 'a', phase: 'Succeeded', created: '1' }),
    pod({ name: 'runs', phase: 'Running', created: '0' }),
    pod({ name: 'leaves', phase: 'Failed', created: '0', deleted: true }),
    pod({ name: 'evicted', phase: 'Failed', reason: 'Evicted', created: '4' }),
    pod({ name: 'c', phase: 'Succeeded', created: '3' }),
  ];
  it.each([
    [4, []],
    [3, ['evicted']],
    [2, ['evicted', 'a']],
    [0, ['evicted', 'a', 'b', 'c']],
  ])('of which %d may stay: %j go', (threshold, names) => {
    expect(surplus(pods, threshold).map((p) => p.metadata.name)).toEqual(names);
  });
});
