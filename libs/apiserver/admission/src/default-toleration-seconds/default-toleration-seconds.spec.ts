import type { AdmissionCall } from '@kubernest/apiserver/contract';
import { describe, expect, it } from 'vitest';
import type { Toleration } from '../pods.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.plugin.ts';

const [notReady, unreachable] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const given = (key: string | undefined) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });

describe('a pod stays five minutes on a node that went silent', () => {
  it.each<[string, Toleration[] | undefined, (string | undefined)[]]>([
    ['when it says nothing', undefined, [notReady, unreachable]],
    ['in what it does not say itself', [{ key: notReady, effect: 'NoExecute', tolerationSeconds: 5 }], [unreachable]],
    ['unless it bears every effect of it', [{ key: unreachable, operator: 'Exists' }], [notReady]],
    ['unless it bears everything', [{ operator: 'Exists' }], []],
    ['unless it bears everything that evicts', [{ operator: 'Exists', effect: 'NoExecute' }], []],
    ['though it may be placed there', [{ operator: 'Exists', effect: 'NoSchedule' }], [notReady, unreachable]],
    ['whatever else it bears', [{ key: 'dedicated', effect: 'NoExecute' }], [notReady, unreachable]],
  ])('%s', (_, tolerations, added) => {
    const object = { metadata: {}, spec: { ...(tolerations ? { tolerations } : {}) } };
    defaultTolerationSeconds.mutate?.({ object } as unknown as AdmissionCall, undefined as never, undefined as never);
    expect((object.spec as { tolerations?: unknown[] }).tolerations ?? []).toEqual([
      ...(tolerations ?? []),
      ...added.map(given),
    ]);
  });
});
