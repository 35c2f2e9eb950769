import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import { atOnce } from '@kubernest/meta';
import { describe, expect, it, vi } from 'vitest';
import { type DeploymentFacts, deploymentOf, type SetFacts, setOf } from './deployment.fixture.ts';
import { type DeploymentPlan, planDeployment } from './deployment.plan.ts';
import { HASH_LABEL, REVISION, REVISION_HISTORY } from './replica-set-math.ts';
import { planHistory } from './revisions.ts';
import { templateHash } from './template-hash.ts';

/** `create 3`, `annotate`, `a→0`: what the plan does, in a line. */
function steps({ create, annotate, resize }: DeploymentPlan): string {
  return [
    ...(create ? [`create ${create.spec?.replicas}`] : []),
    ...(annotate ? ['annotate'] : []),
    ...resize.filter(({ set, to }) => set.spec?.replicas !== to).map(({ set, to }) => `${set.metadata.uid}→${to}`),
  ].join(' ');
}
const a = (over: Partial<SetFacts> = {}): ReplicaSet => setOf({ image: 'a', replicas: 3, age: 60, ...over });
const b = (over: Partial<SetFacts> = {}): ReplicaSet => setOf({ image: 'b', replicas: 3, revision: 2, ...over });

const planned = (...given: Parameters<typeof planDeployment>) => atOnce(planDeployment(...given));

describe('planDeployment', () => {
  it.each<[string, DeploymentFacts, ReplicaSet[], string]>([
    ['makes its first set', {}, [], 'create 3'],
    ['does nothing when all is as wanted', {}, [a()], ''],
    ['undoes what somebody else did to its set', {}, [a({ replicas: 5 })], 'a→3'],
    ['makes a set for a new template', { image: 'b', surge: 1 }, [a()], 'create 1'],
    [
      'grows before it shrinks',
      { image: 'b', surge: 1, unavailable: 0 },
      [a({ replicas: 2 }), b({ replicas: 1 })],
      'b→2',
    ],
    ['shrinks when it cannot grow', { image: 'b', surge: 1, unavailable: 0 }, [a(), b({ replicas: 1 })], 'a→2'],
    [
      'goes back to a set that is there',
      { image: 'a', surge: 1, unavailable: 0 },
      [a({ replicas: 0 }), b()],
      'annotate a→1',
    ],
    ['makes nothing while paused', { image: 'b', paused: true }, [a()], ''],
    ['does not roll on while paused', { image: 'b', paused: true, surge: 1 }, [a(), b({ replicas: 1 })], ''],
    ['scales while paused', { paused: true, replicas: 5 }, [a({ sizedFor: deploymentOf({ replicas: 3 }) })], 'a→5'],
    ['tells the set of a new minReadySeconds while paused', { paused: true, minReadySeconds: 5 }, [a()], 'annotate'],
    ['Recreate empties the old set first', { image: 'b', recreate: true }, [a()], 'a→0'],
    [
      'Recreate waits for pods that run',
      { image: 'b', recreate: true },
      [a({ replicas: 0, status: { replicas: 1 } })],
      '',
    ],
    [
      'Recreate waits for pods on their way out',
      { image: 'b', recreate: true },
      [a({ replicas: 0, status: { terminatingReplicas: 1 } })],
      '',
    ],
    [
      'Recreate waits until the set has looked',
      { image: 'b', recreate: true },
      [a({ replicas: 0, status: { observedGeneration: 0 } })],
      '',
    ],
    ['Recreate then makes all at once', { image: 'b', recreate: true }, [a({ replicas: 0 })], 'create 3'],
    ['scales to nothing', { replicas: 0 }, [a({ sizedFor: deploymentOf({ replicas: 3 }) })], 'a→0'],
  ])('%s', (_what, facts, sets, expected) => {
    expect(steps(planned(deploymentOf(facts), sets))).toBe(expected);
  });

  it('learns the new size on a set that has it already', () => {
    const plan = planned(deploymentOf({ replicas: 5 }), [a({ replicas: 5, sizedFor: deploymentOf({ replicas: 3 }) })]);
    expect(plan.resize.map(({ to }) => to)).toEqual([5]);
  });

  it('does nothing for a deployment that is to go', () => {
    const deployment: Deployment = deploymentOf({ image: 'b' });
    const leaving = { ...deployment, metadata: { ...deployment.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect(steps(planned(leaving, [a()]))).toBe('');
  });

  it('takes the oldest of two sets with its template, whatever label they have', () => {
    const twin = setOf({ image: 'a', replicas: 0, age: 120 });
    expect(
      planned(deploymentOf(), [a(), { ...twin, metadata: { ...twin.metadata, uid: 'twin' } }]).current?.metadata.uid,
    ).toBe('twin');
  });
});

describe('the new set', () => {
  const deployment = deploymentOf({ image: 'b', minReadySeconds: 7, annotations: { team: 'x', [REVISION]: '1' } });
  const made = planned(deployment, [a()]).create!;
  const hash = atOnce(templateHash(deployment.spec!.template, undefined));

  it('is named by its template, and its pods are told apart by it', () => {
    expect(made.metadata.name).toBe(`web-${hash}`);
    const labels = { app: 'web', [HASH_LABEL]: hash };
    expect(made.metadata.labels).toEqual(labels);
    expect(made.spec?.template?.metadata?.labels).toEqual(labels);
    expect(made.spec?.selector).toEqual({ matchLabels: labels });
    expect(made.spec?.minReadySeconds).toBe(7);
    expect(made.metadata.ownerReferences).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true, blockOwnerDeletion: true },
    ]);
  });

  it('has the next revision, the size it is for and the annotations of the deployment', () => {
    expect(made.metadata.annotations).toEqual({
      team: 'x',
      [REVISION]: '2',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    });
  });

  it.each<[string | undefined, string]>([
    [undefined, '1'],
    ['nonsense', '1'],
    ['41', '42'],
    ['3546343826724305832', '3546343826724305833'],
    ['9223372036854775808', '1'],
    ['9'.repeat(1000), '1'],
  ])('after a set of revision %s has revision %s', (before, after) => {
    const old = a();
    const annotations: Record<string, string> = before === undefined ? {} : { [REVISION]: before };
    const plan = planned(deploymentOf({ image: 'b' }), [{ ...old, metadata: { ...old.metadata, annotations } }]);
    expect(plan.create?.metadata.annotations?.[REVISION]).toBe(after);
  });

  it('is named otherwise for every collision', () => {
    const names = [undefined, 0, 1, 2].map(
      (collisionCount) => planned(deploymentOf({ status: { collisionCount } }), []).create?.metadata.name,
    );
    expect(new Set(names).size).toBe(4);
  });
});

describe('a template that comes back', () => {
  const annotationsAfter = (over: Partial<SetFacts>) =>
    planned(deploymentOf(), [a(over), b({ revision: 4 })]).annotate?.metadata.annotations;

  it('gets a revision above all others and keeps the ones it had', () => {
    expect(annotationsAfter({ replicas: 0 })).toEqual({ [REVISION]: '5', [REVISION_HISTORY]: '1' });
    expect(annotationsAfter({ replicas: 0, revision: 3, annotations: { [REVISION_HISTORY]: '1' } })).toEqual({
      [REVISION]: '5',
      [REVISION_HISTORY]: '1,3',
    });
  });

  it('does not remember for ever', () => {
    const long = Array.from({ length: 400 }, (_, i) => 1000 + i).join(',');
    const history = annotationsAfter({ replicas: 0, revision: 3, annotations: { [REVISION_HISTORY]: long } })![
      REVISION_HISTORY
    ]!;
    expect(history.length).toBeLessThanOrEqual(2000);
    expect(history.endsWith(',1399,3')).toBe(true);
    const kept = history.split(',').length - 1;
    expect(history).toBe(`${long.split(',').slice(-kept).join(',')},3`);
    // The next older one would be too much.
    expect(history.length + 5).toBeGreaterThan(2000);
  });

  it('cuts what somebody made of any length once, and not once for each entry', () => {
    const split = vi.spyOn(Array.prototype, 'join');
    const shift = vi.spyOn(Array.prototype, 'shift');
    const asked = () => split.mock.calls.length + shift.mock.calls.length;
    const workFor = (entries: number): number => {
      const before = asked();
      annotationsAfter({ replicas: 0, revision: 3, annotations: { [REVISION_HISTORY]: '1,'.repeat(entries) } });
      return asked() - before;
    };
    const [few, many] = [workFor(10), workFor(20_000)];
    vi.restoreAllMocks();
    expect(many).toBe(few);
  });
});

describe('planHistory', () => {
  const past = (revision: number, over: Partial<SetFacts> = {}) =>
    setOf({ image: `r${revision}`, replicas: 0, revision, ...over });
  const sets = [past(9), past(10), past(2), past(1, { replicas: 1 }), past(3, { status: { observedGeneration: 0 } })];

  it.each<[number | undefined, string[]]>([
    [undefined, []],
    [10, []],
    [5, []],
    [4, []],
    [3, ['r2']],
    [2, ['r2']],
    [1, ['r2', 'r9']],
    [0, ['r2', 'r9', 'r10']],
  ])(
    'a limit of %s lets %j go: the oldest revisions, but none that holds or may hold pods',
    (revisionHistoryLimit, gone) => {
      const planned = planHistory(deploymentOf({ revisionHistoryLimit }), sets);
      expect(planned.map(({ metadata }) => metadata.uid)).toEqual(gone);
    },
  );
});

it('of a template as wide as an object nothing takes long at once', () => {
  const labels = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 'v']));
  const wide = deploymentOf();
  const template = { ...wide.spec!.template, metadata: { labels } };
  const plan = planDeployment({ ...wide, spec: { ...wide.spec!, selector: { matchLabels: labels }, template } }, [a()]);
  let taken = 1;
  while (!plan.next().done) taken++;
  // Copied twice, put in order and written: each some hundred steps.
  expect(taken).toBeGreaterThan(300);
});
