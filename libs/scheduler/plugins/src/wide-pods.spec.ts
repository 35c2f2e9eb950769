import type { PodSpec } from '@kubernest/api-types/core/v1';
import { atOnce } from '@kubernest/meta';
import { decide, explainMisfits, type NodeState, type PodObject, podRequests } from '@kubernest/scheduler/engine';
import { describe, expect, it } from 'vitest';
import { builtinPlugins } from './builtin.ts';
import { watched, workOf } from './counted-work.fixture.ts';
import { clusterOf, labelled, node } from './placing.fixture.ts';

const list = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const map = (count: number, value = 'v') => Object.fromEntries(list(count, (i) => [`x.y/k${i}`, value]));
const container = (over: object, i = 0) => ({ name: `c${i}`, image: 'x', ...over });
const asks = (count: number, quantity = '1') => ({
  resources: { limits: map(count, quantity), requests: map(count, quantity) },
});
const nodeRequired = (nodeSelectorTerms: object[]) =>
  ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  }) as unknown as Partial<PodSpec>;
const exists = (i: number, operator = 'Exists') => ({ key: `k${i}`, operator });
const onHost = (labelSelector: object, over: object = {}) => ({
  topologyKey: 'kubernetes.io/hostname',
  labelSelector,
  ...over,
});
const podTerms = (kind: 'podAffinity' | 'podAntiAffinity', terms: object[]) =>
  ({
    affinity: {
      [kind]: {
        requiredDuringSchedulingIgnoredDuringExecution: terms,
        preferredDuringSchedulingIgnoredDuringExecution: terms.map((podAffinityTerm) => ({
          weight: 1,
          podAffinityTerm,
        })),
      },
    },
  }) as unknown as Partial<PodSpec>;
const spread = (labelSelector: object, over: object = {}) =>
  ({
    topologySpreadConstraints: [
      onHost(labelSelector, { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'Honor', ...over }),
    ],
  }) as unknown as Partial<PodSpec>;

/** Every list and map of a pod that a scheduler looks at, with so many entries. */
const wide: Readonly<Record<string, (count: number) => Partial<PodSpec>>> = {
  'requests that no node has': (n) => ({ containers: [container(asks(n))] }),
  'requests of nothing': (n) => ({ containers: [container(asks(n, '0'))] }),
  containers: (n) => ({ containers: list(n, (i) => container(asks(1), i)) }),
  'init containers beside a wide sidecar': (n) => ({
    initContainers: [container({ ...asks(n, '0'), restartPolicy: 'Always' }), ...list(n, (i) => container({}, i + 1))],
  }),
  'sidecars of different requests': (n) => ({
    initContainers: list(n, (i) =>
      container({ restartPolicy: 'Always', resources: { requests: { [`x.y/s${i}`]: '0' } } }, i),
    ),
  }),
  overhead: (n) => ({ overhead: map(n, '0') }),
  'host ports': (n) => ({
    containers: [container({ ports: list(n, (i) => ({ containerPort: 80, hostPort: i + 1, hostIP: `10.0.0.${i}` })) })],
  }),
  tolerations: (n) => ({ tolerations: list(n, (i) => ({ key: `k${i}`, operator: 'Exists' })) }),
  nodeSelector: (n) => ({ nodeSelector: map(n) }),
  'node terms': (n) => nodeRequired(list(n, (i) => ({ matchExpressions: [exists(i)] }))),
  'node expressions': (n) => nodeRequired([{ matchExpressions: list(n, (i) => exists(i, 'DoesNotExist')) }]),
  'node values': (n) =>
    nodeRequired([{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: list(n, (i) => `v${i}`) }] }]),
  'node fields': (n) =>
    nodeRequired([{ matchFields: list(n, (i) => ({ key: 'metadata.name', operator: 'NotIn', values: [`no-${i}`] })) }]),
  'preferred node terms': (n) =>
    ({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: list(n, (i) => ({
            weight: 1,
            preference: { matchExpressions: [exists(i, 'DoesNotExist')] },
          })),
        },
      },
    }) as unknown as Partial<PodSpec>,
  'affinity terms': (n) =>
    podTerms(
      'podAffinity',
      list(n, () => onHost({ matchLabels: { app: 'web' } })),
    ),
  'anti-affinity terms': (n) =>
    podTerms(
      'podAntiAffinity',
      list(n, (i) => onHost({ matchLabels: { [`k${i}`]: 'v' } })),
    ),
  'anti-affinity places': (n) =>
    podTerms(
      'podAntiAffinity',
      list(n, (i) => onHost({ matchLabels: { app: 'web' } }, { topologyKey: `t${i}` })),
    ),
  'an anti-affinity map': (n) => podTerms('podAntiAffinity', [onHost({ matchLabels: map(n) })]),
  'affinity label keys': (n) =>
    podTerms('podAffinity', [onHost({ matchLabels: { app: 'web' } }, { matchLabelKeys: list(n, (i) => `k${i}`) })]),
  'affinity namespaces': (n) =>
    podTerms('podAffinity', [onHost({ matchLabels: { app: 'web' } }, { namespaces: list(n, (i) => `n${i}`) })]),
  'a namespace map': (n) => podTerms('podAntiAffinity', [onHost({}, { namespaceSelector: { matchLabels: map(n) } })]),
  'a spread map': (n) => spread({ matchLabels: map(n) }),
  'spread expressions': (n) => spread({ matchExpressions: list(n, (i) => exists(i, 'DoesNotExist')) }),
  'spread constraints': (n) => ({
    topologySpreadConstraints: list(n, (i) => ({
      maxSkew: 1,
      topologyKey: `t${i}`,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: {},
    })),
  }),
  'scheduling gates': (n) => ({ schedulingGates: list(n, (i) => ({ name: `g${i}` })) }),
};

const spec = (of: (count: number) => Partial<PodSpec>, count: number): PodObject =>
  watched(labelled({ app: 'web' }, of(count)));

function nodes(count: number, ...pods: PodObject[]): NodeState[] {
  return list(count, (i) =>
    node({
      name: `n${i}`,
      labels: { 'kubernetes.io/hostname': `n${i}`, zone: 'a' },
      spec: { taints: [{ key: 'soft', effect: 'PreferNoSchedule' }] },
      allocatable: { cpu: '8', memory: '8Gi', pods: '110' },
      pods: i === 0 ? pods : [labelled({ app: 'web' })],
    }),
  );
}

const look = (pod: PodObject, on: readonly NodeState[]) => atOnce(decide(pod, clusterOf(on), builtinPlugins, 0));

describe.each(Object.entries(wide))('a pod with many %s', (_what, of) => {
  it('is decided on with work in proportion', () => {
    const workFor = (count: number): number => {
      const pod = spec(of, count);
      const on = nodes(3);
      return workOf(() => look(pod, on));
    };
    // Four times the entries are four times the work and not sixteen times.
    expect(workFor(800)).toBeLessThan(5 * workFor(200));
  });

  it('is put on a node, stands in others’ way and is taken off with work in proportion', () => {
    const workFor = (count: number): number => {
      const pod = spec(of, count);
      const [first, ...others] = nodes(3);
      return workOf(() => {
        first!.add(pod);
        look(labelled({ app: 'web' }), [first!, ...others]);
        first!.remove(pod.metadata.uid!);
      });
    };
    expect(workFor(800)).toBeLessThan(5 * workFor(200));
  });

  it('is told why in few words', () => {
    const decision = look(spec(of, 2000), nodes(20));
    if (decision.fits) return;
    expect(decision.misfits.length).toBeLessThanOrEqual(20 * 40);
    expect(explainMisfits(20, decision.misfits).length).toBeLessThanOrEqual(1024);
  });
});

/** Alternatives, ports and terms about pods, one after the other. */
const askedAboutEach = new Set([
  'host ports',
  'node terms',
  'preferred node terms',
  'affinity terms',
  'anti-affinity terms',
  'anti-affinity places',
]);

it.each(Object.entries(wide).filter(([what]) => !askedAboutEach.has(what)))(
  'a pod with many %s costs hardly more for each further node than a narrow one',
  (_what, of) => {
    const workPerNode = (entries: number): number => {
      const pod = spec(of, entries);
      const workOn = (count: number): number => {
        const on = nodes(count);
        look(pod, on);
        return workOf(() => look(pod, on));
      };
      return (workOn(40) - workOn(10)) / 30;
    };
    expect(workPerNode(400)).toBeLessThan(workPerNode(0) + 200);
  },
);

/** What of a pod is read, or taken apart, before the first node is looked at. */
const readBefore = ['requests that no node has', 'node expressions', 'node values', 'containers'];

it.each(readBefore)('a pod with many %s is read in as many more steps', (what) => {
  const stepsFor = (count: number): number => {
    const steps = decide(spec(wide[what]!, count), clusterOf(nodes(3)), builtinPlugins, 0);
    for (let taken = 1; ; taken++) if (steps.next().done) return taken;
  };
  expect(stepsFor(10_000) - stepsFor(10)).toBeGreaterThanOrEqual(30);
});

it('what a pod asks for is not read again with each form of it, unless it is another', () => {
  const [on] = nodes(1);
  const pod = labelled({}, { containers: [container(asks(100))] });
  const other = (over: object): PodObject => structuredClone({ ...pod, ...over });
  on!.add(pod);
  const running = other({ status: { phase: 'Running' } });
  on!.add(running);
  expect(podRequests(running)).toBe(podRequests(pod));
  const smaller = other({ spec: { containers: [container(asks(99))] } });
  on!.add(smaller);
  expect(podRequests(smaller).size).toBe(99);
  on!.remove(pod.metadata.uid!);
  expect([...on!.requested.values()].every((amount) => amount === 0)).toBe(true);
});
