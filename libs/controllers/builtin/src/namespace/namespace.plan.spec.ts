import { describe, expect, it } from 'vitest';
import { type Findings, isEmpty, planConditions } from './namespace.plan.ts';

const now = new Date('2026-01-01T00:10:00Z');
const map = (entries: Record<string, number>) => new Map(Object.entries(entries));
const findings = (over: Partial<Findings> = {}): Findings => ({
  undiscovered: new Map(),
  failures: [],
  remaining: new Map(),
  finalizers: new Map(),
  ...over,
});
const lines = (given: Findings) =>
  planConditions([], given, now).map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);
const clean = [
  'NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered',
  'NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed',
  'NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization',
  'NamespaceContentRemaining=False ContentRemoved: All content successfully removed',
  'NamespaceFinalizersRemaining=False ContentHasNoFinalizers: All content-preserving finalizers finished',
];

describe('the conditions of a namespace that goes', () => {
  it.each<[string, Partial<Findings>, number, string]>([
    [
      'a group that does not answer',
      { undiscovered: new Map([['metrics.k8s.io/v1beta1', 'the server is away']]) },
      0,
      'NamespaceDeletionDiscoveryFailure=True DiscoveryFailed: Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1: the server is away',
    ],
    [
      'what could not be deleted',
      { failures: ['pods: forbidden', 'secrets: away'] },
      2,
      'NamespaceDeletionContentFailure=True ContentDeletionFailed: Failed to delete all resource types, 2 remaining: pods: forbidden, secrets: away',
    ],
    [
      'what is left, by name',
      { remaining: map({ 'pods.': 2, 'deployments.apps': 1 }) },
      3,
      'NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: deployments.apps has 1 resource instances, pods. has 2 resource instances',
    ],
    [
      'finalizers that hold something',
      { finalizers: map({ 'example.com/b': 1, 'example.com/a': 2 }) },
      4,
      'NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/a in 2 resource instances, example.com/b in 1 resource instances',
    ],
  ])('tell of %s', (_what, over, at, line) => {
    expect(lines(findings(over))).toEqual(clean.with(at, line));
  });

  it('change their time with their status only, and leave those of others', () => {
    const theirs = { type: 'Theirs', status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z' };
    const first = planConditions(
      [theirs],
      findings({ remaining: map({ 'pods.': 2 }) }),
      new Date('2026-01-01T00:00:00Z'),
    );
    const second = planConditions(first, findings({ remaining: map({ 'pods.': 1 }) }), now);
    const third = planConditions(second, findings(), now);
    expect(planConditions(third, findings(), new Date('2026-02-01T00:00:00Z'))).toEqual(third);
    const remaining = [first, second, third].map(
      (list) => list.find(({ type }) => type === 'NamespaceContentRemaining')!,
    );
    expect(remaining.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:10:00Z',
    ]);
    expect(third).toContainEqual(theirs);
  });
});

describe('isEmpty', () => {
  it.each<[Partial<Findings>, boolean]>([
    [{}, true],
    [{ remaining: map({ 'pods.': 1 }) }, false],
    [{ failures: ['pods: forbidden'] }, false],
    [{ undiscovered: new Map([['metrics.k8s.io/v1beta1', 'away']]) }, true],
  ])('%j → %s', (over, empty) => {
    expect(isEmpty(findings(over))).toBe(empty);
  });
});
