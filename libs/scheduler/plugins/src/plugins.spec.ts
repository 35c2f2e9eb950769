import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  decide,
  type NodeObject,
  NodeState,
  type PodObject,
  podRequests,
  type SchedulerPlugin,
} from '@kubernest/scheduler/engine';
import type { Container, NodeSelectorTerm, NodeSpec, PodSpec, Taint, Toleration } from 'kubernetes-types/core/v1.js';
import { describe, expect, it } from 'vitest';
import { builtinPlugins } from './builtin.ts';
import { nodeAffinity } from './node-affinity/node-affinity.plugin.ts';
import { nodeName } from './node-name/node-name.plugin.ts';
import { nodePorts } from './node-ports/node-ports.plugin.ts';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.plugin.ts';
import { resources } from './resources/resources.plugin.ts';
import { schedulingGates } from './scheduling-gates/scheduling-gates.plugin.ts';
import { taintToleration } from './taint-toleration/taint-toleration.plugin.ts';

const pod = (spec: Partial<PodSpec>, uid = 'p1'): PodObject =>
  ({ metadata: { name: uid, uid }, spec: { containers: [], ...spec } }) as unknown as PodObject;
const node = (
  options: {
    spec?: NodeSpec;
    labels?: Record<string, string>;
    allocatable?: Record<string, string>;
    pods?: PodObject[];
  } = {},
): NodeState => {
  const object = {
    metadata: { name: 'n1', labels: options.labels },
    spec: options.spec ?? {},
    status: { allocatable: options.allocatable ?? { cpu: '2', memory: '4Gi', pods: '3' } },
  } as unknown as NodeObject;
  const state = new NodeState(object);
  for (const p of options.pods ?? []) state.add(p);
  return state;
};
const named = (name: string, options: Parameters<typeof node>[0]): NodeState => {
  const state = node(options);
  state.update({ ...state.node, metadata: { ...state.node.metadata, name } });
  return state;
};
const chosen = (p: PodObject, ...nodes: NodeState[]): string | undefined => {
  const decision = decide(p, { nodes, namespaceLabels: () => undefined }, builtinPlugins, 0);
  return decision.fits ? decision.node.name : undefined;
};
const reasons = <S>(plugin: SchedulerPlugin<S>, p: PodObject, n: NodeState): string[] => {
  const state = plugin.prepare?.(p, { nodes: [n], namespaceLabels: () => undefined });
  if (plugin.prepare && state === undefined) return [];
  return (plugin.filter?.(p, n, state as S) ?? []).map(({ reason }) => reason);
};
const asking = (requests: Record<string, string>, uid?: string): PodObject =>
  pod({ containers: [{ name: 'c', resources: { requests } }] }, uid);
const asks = (requests: Record<string, string>): Container =>
  ({ name: 'c', resources: { requests } }) as unknown as Container;
const sidecar = (requests: Record<string, string>): Container => ({ ...asks(requests), restartPolicy: 'Always' });

describe('resources', () => {
  it.each([
    ['what fits', { cpu: '1500m', memory: '1Gi' }, []],
    ['too much cpu', { cpu: '2001m' }, ['Insufficient cpu']],
    ['too much of two', { cpu: '3', memory: '5Gi' }, ['Insufficient cpu', 'Insufficient memory']],
    ['what the node has never heard of', { 'example.com/gpu': '1' }, ['Insufficient example.com/gpu']],
    ['nothing', {}, []],
  ])('answers a pod that asks for %s', (_what, requests, expected) => {
    expect(reasons(resources, asking(requests as unknown as Record<string, string>), node())).toEqual(expected);
  });

  it('counts the pods that are there, and their number', () => {
    const full = node({ pods: [asking({ cpu: '1' }, 'a'), asking({ cpu: '1' }, 'b'), asking({}, 'c')] });
    expect(reasons(resources, asking({ cpu: '1m' }), full)).toEqual(['Too many pods', 'Insufficient cpu']);
  });

  it('gives back what a removed pod had', () => {
    const state = node({ pods: [asking({ cpu: '2' }, 'a')] });
    state.remove('a');
    expect(reasons(resources, asking({ cpu: '2' }), state)).toEqual([]);
  });

  it('takes the larger of the init containers and the sum of the others, sidecars counted to both', () => {
    const p = pod({
      initContainers: [
        { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '500m' } } },
        { name: 'i', resources: { requests: { cpu: '1' } } },
      ],
      containers: [{ name: 'c', resources: { requests: { cpu: '900m' } } }],
    });
    expect(reasons(resources, p, node({ allocatable: { cpu: '1500m', pods: '9' } }))).toEqual([]);
    expect(reasons(resources, p, node({ allocatable: { cpu: '1499m', pods: '9' } }))).toEqual(['Insufficient cpu']);
  });

  it.each<[string, Partial<PodSpec>, Record<string, number>]>([
    ['nothing', {}, {}],
    [
      'its containers together',
      { containers: [asks({ cpu: '1' }), asks({ cpu: '500m', memory: '1Ki', 'example.com/gpu': '2' })] },
      { cpu: 1500, memory: 1024, 'example.com/gpu': 2 },
    ],
    [
      'its largest init container',
      { initContainers: [asks({ cpu: '2' }), asks({ cpu: '3' })], containers: [asks({ cpu: '1' })] },
      { cpu: 3000 },
    ],
    [
      'an init container beside the sidecars that were started before it, not those after',
      {
        initContainers: [sidecar({ cpu: '1' }), asks({ cpu: '3' }), sidecar({ cpu: '500m' })],
        containers: [asks({ cpu: '1' })],
      },
      { cpu: 4000 },
    ],
    [
      'its sidecars beside its containers',
      { initContainers: [sidecar({ cpu: '1' }), asks({ cpu: '1' })], containers: [asks({ cpu: '2' })] },
      { cpu: 3000 },
    ],
    [
      'its overhead on top',
      {
        overhead: { cpu: '250m', memory: '2Ki' },
        initContainers: [asks({ cpu: '3' })],
        containers: [asks({ cpu: '1' })],
      } as never,
      { cpu: 3250, memory: 2048 },
    ],
    [
      'what it asks for as a whole, in place of what its containers do',
      {
        resources: { requests: { cpu: '1', 'ephemeral-storage': '9' } },
        overhead: { cpu: '100m' },
        containers: [asks({ cpu: '2', memory: '1Ki', 'ephemeral-storage': '5' })],
      } as never,
      { cpu: 1100, memory: 1024, 'ephemeral-storage': 5 },
    ],
  ])('counts %s', (_what, spec, expected) => {
    expect(Object.fromEntries(podRequests(pod(spec)))).toEqual(expected);
  });

  it('prefers the emptier node even for pods that ask for nothing', () => {
    const p = asking({});
    const score = (n: NodeState): number =>
      resources.score!(p, n, resources.prepare!(p, { nodes: [n], namespaceLabels: () => undefined })!);
    expect(score(node())).toBeGreaterThan(score(node({ pods: [asking({}, 'a')] })));
  });
});

describe('taint-toleration', () => {
  const taint: Taint = { key: 'a', value: 'b', effect: 'NoSchedule' };
  it.each<[string, Toleration[], boolean]>([
    ['nothing', [], false],
    ['the very taint', [{ key: 'a', value: 'b', effect: 'NoSchedule' }], true],
    ['its key', [{ key: 'a', operator: 'Exists' }], true],
    ['everything', [{ operator: 'Exists' }], true],
    ['another value', [{ key: 'a', value: 'c' }], false],
    ['another effect', [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }], false],
  ])('lets a pod that tolerates %s on: %s → %s', (_what, tolerations, fits) => {
    const expected = fits ? [] : ['node(s) had untolerated taint(s)'];
    expect(reasons(taintToleration, pod({ tolerations }), node({ spec: { taints: [taint] } }))).toEqual(expected);
  });

  it('only prefers other nodes for a soft taint, those with the fewest', () => {
    const soft = (...keys: string[]) =>
      named(keys.join('+'), { spec: { taints: keys.map((key) => ({ key, effect: 'PreferNoSchedule' })) } });
    expect(reasons(taintToleration, pod({}), soft('a'))).toEqual([]);
    expect(chosen(pod({}), soft('a', 'b'), soft('c'))).toBe('c');
    expect(
      chosen(
        pod({
          tolerations: [
            { key: 'b', operator: 'Exists' },
            { key: 'a', operator: 'Exists' },
          ],
        }),
        soft('c'),
        soft('a', 'b'),
      ),
    ).toBe('a+b');
  });
});

describe('node-affinity', () => {
  const required = (matchExpressions: { key: string; operator: string; values?: string[] }[]): Partial<PodSpec> => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  });
  it.each<[string, Partial<PodSpec>, boolean]>([
    ['a selector that matches', { nodeSelector: { zone: 'a' } }, true],
    ['a selector that does not', { nodeSelector: { zone: 'b' } }, false],
    ['In', required([{ key: 'zone', operator: 'In', values: ['a', 'b'] }]), true],
    ['NotIn', required([{ key: 'zone', operator: 'NotIn', values: ['a'] }]), false],
    ['Exists', required([{ key: 'disk', operator: 'Exists' }]), false],
    ['DoesNotExist', required([{ key: 'disk', operator: 'DoesNotExist' }]), true],
    ['Gt', required([{ key: 'cores', operator: 'Gt', values: ['3'] }]), true],
    ['Lt', required([{ key: 'cores', operator: 'Lt', values: ['4'] }]), false],
    ['an empty term', required([]), false],
  ])('honours %s', (_what, spec, fits) => {
    expect(reasons(nodeAffinity, pod(spec), node({ labels: { zone: 'a', cores: '4' } })).length === 0).toBe(fits);
  });

  it.each<[string, NodeSelectorTerm, boolean]>([
    ['its name', { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }, true],
    ['another name', { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }, false],
    ['not its name', { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n1'] }] }, false],
    [
      'its name and a label that it lacks',
      {
        matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }],
        matchExpressions: [{ key: 'disk', operator: 'Exists' }],
      },
      false,
    ],
  ])('honours fields: %s', (_what, term, fits) => {
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
    };
    expect(reasons(nodeAffinity, pod({ affinity }), node()).length === 0).toBe(fits);
  });

  it('takes terms as alternatives, and asks for the selector as well', () => {
    const zones = (...names: string[]) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: names.map((name) => ({
            matchExpressions: [{ key: 'zone', operator: 'In', values: [name] }],
          })),
        },
      },
    });
    const there = node({ labels: { zone: 'a' } });
    expect(reasons(nodeAffinity, pod({ affinity: zones('b', 'a') }), there)).toEqual([]);
    expect(reasons(nodeAffinity, pod({ affinity: zones('b', 'a'), nodeSelector: { disk: 'ssd' } }), there)).toEqual([
      "node(s) didn't match Pod's node affinity/selector",
    ]);
    expect(reasons(nodeAffinity, pod({ affinity: zones() }), there)).toHaveLength(1);
  });

  it('prefers by weight, and a light preference still outweighs room', () => {
    const prefers = (weight: number, zone: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] },
    });
    const p = pod({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [prefers(1, 'a'), prefers(70, 'b'), prefers(30, 'b')],
        },
      },
    });
    const zone = (name: string, pods: PodObject[] = []) => named(name, { labels: { zone: name }, pods });
    expect(chosen(p, zone('a'), zone('b'))).toBe('b');
    expect(chosen(p, zone('c'), zone('a', [asking({ cpu: '1' }, 'x')]))).toBe('a');
  });
});

describe('node-ports', () => {
  const on = (hostIP: string | undefined, uid?: string): PodObject =>
    pod({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80, hostIP }] }] }, uid);
  it.each([
    ['the same port', undefined, undefined, false],
    ['a port on all addresses beside one on one', '10.0.0.1', undefined, false],
    ['two addresses', '10.0.0.1', '10.0.0.2', true],
  ])('judges %s', (_what, there, wanted, fits) => {
    expect(reasons(nodePorts, on(wanted), node({ pods: [on(there, 'a')] })).length === 0).toBe(fits);
  });
});

it('a host port is free again when the last pod that has it is gone', () => {
  const on = (uid: string): PodObject =>
    pod({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] }, uid);
  const state = node({ pods: [on('a'), on('b')] });
  state.remove('a');
  expect(reasons(nodePorts, on('c'), state)).toHaveLength(1);
  state.remove('b');
  expect(reasons(nodePorts, on('c'), state)).toEqual([]);
});

it.each([
  [undefined, []],
  ['n1', []],
  ['n2', ["node(s) didn't match the requested node name"]],
])('a pod that names node %s: %j', (name, expected) => {
  expect(reasons(nodeName, pod({ nodeName: name }), node())).toEqual(expected);
});

describe('node-unschedulable and scheduling-gates', () => {
  it('keep a pod off a cordoned node unless it tolerates that', () => {
    const cordoned = node({ spec: { unschedulable: true } });
    expect(reasons(nodeUnschedulable, pod({}), cordoned)).toEqual(['node(s) were unschedulable']);
    expect(reasons(nodeUnschedulable, pod({ tolerations: [{ operator: 'Exists' }] }), cordoned)).toEqual([]);
  });

  it('hold a gated pod back', () => {
    expect(schedulingGates.gate!(pod({ schedulingGates: [{ name: 'wait' }] }))?.reason).toBe('SchedulingGated');
    expect(schedulingGates.gate!(pod({}))).toBeUndefined();
  });
});

it('lists every plugin folder', () => {
  const folders = readdirSync(join(import.meta.dirname), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  expect(builtinPlugins.map((p) => p.name).sort()).toEqual(folders.sort());
});
