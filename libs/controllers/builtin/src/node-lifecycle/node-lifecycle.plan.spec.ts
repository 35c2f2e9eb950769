import type { Node, Pod } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import {
  mayBeSilentFor,
  type NodeCondition,
  planSilentConditions,
  planTaints,
  planUnreachablePod,
  type Taint,
} from './node-lifecycle.plan.ts';

const now = new Date('2026-01-01T00:10:00Z');
const condition = (type: string, status: string): NodeCondition => ({
  type,
  status,
  lastHeartbeatTime: '2026-01-01T00:00:00Z',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const node = (conditions: readonly NodeCondition[], spec: Node['spec'] = {}): Node => ({
  metadata: { name: 'n', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec,
  ...(conditions.length > 0 ? { status: { conditions: [...conditions] } } : {}),
});
const ready = condition('Ready', 'True');
const taints = (...lines: string[]): Taint[] =>
  lines.map((line) => ({ key: line.slice(0, line.lastIndexOf(':')), effect: line.slice(line.lastIndexOf(':') + 1) }));
const k = 'node.kubernetes.io';

describe('taints', () => {
  const rows: readonly [string, Node, boolean, readonly string[] | undefined][] = [
    ['go when the node is ready', node([ready], { taints: taints(`${k}/not-ready:NoSchedule`) }), true, []],
    ['stay as they are when right', node([ready], { taints: taints('team:NoExecute') }), true, undefined],
    [
      'of others are left alone',
      node([ready], { taints: taints('a:NoSchedule', `${k}/not-ready:NoSchedule`, `${k}/out-of-service:NoExecute`) }),
      true,
      ['a:NoSchedule', `${k}/out-of-service:NoExecute`],
    ],
    [
      'of a node that is not ready evict',
      node([condition('Ready', 'False')]),
      true,
      [`${k}/not-ready:NoSchedule`, `${k}/not-ready:NoExecute`],
    ],
    [
      'of a node that cannot be reached replace those of one that is not ready',
      node([condition('Ready', 'Unknown')], {
        taints: taints(`${k}/not-ready:NoSchedule`, `${k}/not-ready:NoExecute`),
      }),
      true,
      [`${k}/unreachable:NoSchedule`, `${k}/unreachable:NoExecute`],
    ],
    [
      'evict nobody while no node is ready',
      node([condition('Ready', 'Unknown')], { taints: taints(`${k}/unreachable:NoExecute`) }),
      false,
      [`${k}/unreachable:NoSchedule`],
    ],
    ['keep pods off a node that has not reported', node([]), true, [`${k}/not-ready:NoSchedule`]],
    [
      'name every pressure',
      node([ready, ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => condition(type, 'True'))]),
      true,
      [`${k}/memory-pressure:NoSchedule`, `${k}/disk-pressure:NoSchedule`, `${k}/pid-pressure:NoSchedule`],
    ],
    ['do not name a pressure that is unknown', node([ready, condition('DiskPressure', 'Unknown')]), true, undefined],
    ['follow cordon', node([ready], { unschedulable: true }), true, [`${k}/unschedulable:NoSchedule`]],
    ['follow uncordon', node([ready], { taints: taints(`${k}/unschedulable:NoSchedule`) }), true, []],
  ];
  it.each(rows)('%s', (_, given, mayEvict, wanted) => {
    expect(planTaints(given, mayEvict, now)?.map(({ key, effect }) => `${key}:${effect}`)).toEqual(wanted);
  });

  it('say since when', () => {
    expect(planTaints(node([condition('Ready', 'False')]), true, now)?.[0]?.timeAdded).toBe('2026-01-01T00:10:00Z');
  });
});

describe('a silent kubelet', () => {
  it.each([
    ['has 40 s', node([ready]), 0, 40_000],
    ['is out of time after 40 s', node([ready]), 40_000, 0],
    ['has 60 s for its first word', node([]), 45_000, 15_000],
  ])('%s', (_, given, silentFor, rest) => {
    expect(mayBeSilentFor(given, silentFor)).toBe(rest);
  });

  it('makes what it said unknown, and what others said not', () => {
    const planned = planSilentConditions(node([ready, condition('NetworkUnavailable', 'False')]), now)!;
    expect(planned.map(({ type, status, reason }) => `${type}=${status} ${reason ?? ''}`)).toEqual([
      'Ready=Unknown NodeStatusUnknown',
      'NetworkUnavailable=False ',
      'MemoryPressure=Unknown NodeStatusNeverUpdated',
      'DiskPressure=Unknown NodeStatusNeverUpdated',
      'PIDPressure=Unknown NodeStatusNeverUpdated',
    ]);
    expect(planned[0]).toMatchObject({
      message: 'Kubelet stopped posting node status.',
      lastHeartbeatTime: '2026-01-01T00:00:00Z',
      lastTransitionTime: '2026-01-01T00:10:00Z',
    });
    expect(planSilentConditions(node(planned), now)).toBeUndefined();
  });

  it.each([
    ['True', 'False'],
    ['False', undefined],
  ])('leaves no pod ready: %s', (status, wanted) => {
    const pod: Pod = { metadata: { name: 'p' }, status: { conditions: [{ type: 'Ready', status }] } };
    expect(planUnreachablePod(pod, now)?.[0]?.status).toBe(wanted);
  });
});
