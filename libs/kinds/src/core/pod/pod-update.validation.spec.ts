import { fieldErrorBody } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { container, type Loose, pod } from './pod.fixture.ts';
import { validatePodUpdate } from './pod-update.validation.ts';

describe('an update of a pod', () => {
  const update = (before: Loose, after: Loose, subresource = ''): string[] =>
    validatePodUpdate(pod(after), pod(before), { subresource, now: new Date(0) }).map(
      (fault) => `${fault.field}: ${fieldErrorBody(fault)}`,
    );
  const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute' };
  const affinityTo = (...keys: string[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: keys.map((key) => ({ key, operator: 'Exists' })) }],
      },
    },
  });

  it.each<[string, Loose, Loose]>([
    ['an image', {}, { containers: [container({ image: 'web:2', imagePullPolicy: 'IfNotPresent' })] }],
    ['a further toleration', { tolerations: [toleration] }, { tolerations: [toleration, { operator: 'Exists' }] }],
    [
      'how long it tolerates',
      { tolerations: [toleration] },
      { tolerations: [{ ...toleration, tolerationSeconds: 5 }] },
    ],
    ['a first deadline', {}, { activeDeadlineSeconds: 5 }],
    ['an earlier deadline', { activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 4 }],
    ['a gate taken away', { schedulingGates: [{ name: 'a' }, { name: 'b' }] }, { schedulingGates: [{ name: 'a' }] }],
    [
      'where to run, while gated',
      { schedulingGates: [{ name: 'a' }] },
      { schedulingGates: [{ name: 'a' }], nodeSelector: { a: 'b' } },
    ],
    [
      'where to run more narrowly, while gated',
      { schedulingGates: [{ name: 'a' }], affinity: affinityTo('a') },
      { schedulingGates: [{ name: 'a' }], affinity: affinityTo('a', 'b') },
    ],
    [
      'a grace period of one, when it was negative',
      { terminationGracePeriodSeconds: -1 },
      { terminationGracePeriodSeconds: 1 },
    ],
  ])('may change %s', (_name, before, after) => {
    expect(update(before, after)).toEqual([]);
  });

  it.each<[Loose, Loose, string]>([
    [{}, { nodeName: 'n' }, 'spec: Forbidden: pod updates may not change fields other than'],
    [{}, { nodeName: 'n' }, 'changed: spec.nodeName'],
    [
      { tolerations: [toleration] },
      { tolerations: [] },
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ],
    [
      { schedulingGates: [{ name: 'a' }], nodeSelector: { a: 'b' } },
      { schedulingGates: [{ name: 'a' }], nodeSelector: { c: 'd' } },
      'spec.nodeSelector: Invalid value: {"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
    [
      { schedulingGates: [{ name: 'a' }], affinity: affinityTo('a') },
      { schedulingGates: [{ name: 'a' }], affinity: affinityTo('b') },
      'nodeSelectorTerms[0]: Invalid value: {"matchExpressions":[{"key":"b","operator":"Exists"}]}: only additions are allowed',
    ],
    [{}, { containers: [container({ args: ['x'] })] }, 'changed: spec.containers'],
    [
      {},
      { containers: [container(), container({ name: 'b' })] },
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ],
    [{ activeDeadlineSeconds: 5 }, { activeDeadlineSeconds: 6 }, 'must be less than or equal to previous value'],
    [{ activeDeadlineSeconds: 5 }, {}, 'must not update from a positive integer to nil value'],
    [{}, { schedulingGates: [{ name: 'x' }] }, "only deletion is allowed, but found new scheduling gate 'x'"],
  ])('from %j to %j is refused', (before, after, words) => {
    expect(update(before, after).join('\n')).toContain(words);
  });

  it('is bound by this on the main resource only', () => {
    expect(update({}, { nodeName: 'n' }, 'binding')).toEqual([]);
  });
});
