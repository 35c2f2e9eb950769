import type { Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { isAbandoned, surplus } from './pod-garbage-collector.plan.ts';

const pod = (over: { node?: string; deleted?: boolean; phase?: string; name?: string; created?: string }): Pod =>
  ({
    metadata: {
      name: over.name ?? 'p',
      creationTimestamp: over.created,
      deletionTimestamp: over.deleted ? 'now' : undefined,
    },
    spec: { nodeName: over.node, containers: [] },
    status: { phase: over.phase },
  }) as unknown as Pod;
const exists = (name: string): boolean => name === 'here';

describe('a pod is abandoned', () => {
  it.each([
    ['when its node is gone', pod({ node: 'gone' }), true],
    ['not while its node is there', pod({ node: 'here', deleted: true }), false],
    ['when it is to go and never had a node', pod({ deleted: true }), true],
    ['not while it waits for a node', pod({}), false],
  ])('%s', (_what, object, expected) => {
    expect(isAbandoned(object, exists)).toBe(expected);
  });
});

it('the oldest finished pods are too many', () => {
  const pods = [
    pod({ name: 'b', phase: 'Failed', created: '2' }),
    pod({ name: 'a', phase: 'Succeeded', created: '1' }),
    pod({ name: 'runs', phase: 'Running', created: '0' }),
    pod({ name: 'c', phase: 'Succeeded', created: '3' }),
  ];
  expect(surplus(pods, 2).map((p) => p.metadata.name)).toEqual(['a']);
  expect(surplus(pods, 3)).toEqual([]);
});
