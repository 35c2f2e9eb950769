import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import { atOnce } from '@kubernest/meta';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deploymentOf, setOf } from './deployment.fixture.ts';
import { planDeployment } from './deployment.plan.ts';
import { bounds, findNew, wanted } from './replica-set-math.ts';
import { sizeAnnotations } from './revisions.ts';

const images = ['a', 'b', 'c'];
interface Facts {
  readonly replicas: number;
  readonly surge: number | string;
  readonly unavailable: number | string;
  readonly recreate: boolean;
}
type Step =
  | { readonly do: 'plan' }
  | { readonly do: 'pods' | 'ready'; readonly of: number; readonly some: number }
  | { readonly do: 'template'; readonly image: string }
  | { readonly do: 'crash'; readonly of: number; readonly some: number }
  | { readonly do: 'scale'; readonly replicas: number };

/** Sets with real pods behind them; what a status says is as old as the set controller's last look. */
class World {
  readonly #pods = new Map<string, { works: number; starts: number }>();
  sets: ReplicaSet[] = [];
  deployment: Deployment;
  #made = 0;

  constructor(private facts: Facts) {
    this.deployment = deploymentOf({ ...facts, image: 'a' });
    this.sets = [setOf({ image: 'a', replicas: facts.replicas, age: 1000, sizedFor: this.deployment })];
    this.#pods.set('a', { works: facts.replicas, starts: 0 });
  }

  get working(): number {
    return this.sets.reduce((sum, set) => sum + this.#pods.get(set.metadata.uid!)!.works, 0);
  }
  get wanted(): number {
    return this.sets.reduce((sum, set) => sum + wanted(set), 0);
  }

  step(step: Step): void {
    if (step.do === 'plan') return this.#plan();
    if (step.do === 'template')
      this.deployment = { ...this.deployment, spec: deploymentOf({ ...this.facts, image: step.image }).spec };
    else if (step.do === 'scale') {
      this.facts = { ...this.facts, replicas: step.replicas };
      this.deployment = { ...this.deployment, spec: { ...this.deployment.spec!, replicas: step.replicas } };
    } else {
      const set = this.sets[step.of % this.sets.length]!;
      const pods = this.#pods.get(set.metadata.uid!)!;
      if (step.do === 'pods') return this.#reconcilePods(set);
      const moved =
        Math.min(step.some, step.do === 'ready' ? pods.starts : pods.works) * (step.do === 'ready' ? 1 : -1);
      pods.works += moved;
      pods.starts -= moved;
    }
  }

  /** Everybody works until nothing changes any more. */
  settle(): void {
    for (let i = 0; i < 100; i++) {
      this.#plan();
      for (const set of this.sets) this.#reconcilePods(set);
      for (const pods of this.#pods.values()) {
        pods.works += pods.starts;
        pods.starts = 0;
      }
      for (const set of this.sets) this.#reconcilePods(set);
    }
  }

  #plan(): void {
    const plan = atOnce(planDeployment(this.deployment, this.sets));
    if (plan.create) {
      const image = plan.create.spec!.template!.spec!.containers[0]!.image!;
      const made = setOf({
        image,
        replicas: wanted(plan.create),
        available: 0,
        sizedFor: this.deployment,
        age: -++this.#made,
      });
      this.#pods.set(image, { works: 0, starts: 0 });
      this.sets.push({ ...made, status: { replicas: 0 } });
    }
    for (const { set, to } of plan.resize) {
      const annotations = { ...set.metadata.annotations, ...sizeAnnotations(this.deployment) };
      this.#replace({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec!, replicas: to } });
    }
  }

  #reconcilePods(set: ReplicaSet): void {
    const pods = this.#pods.get(set.metadata.uid!)!;
    const missing = wanted(set) - pods.works - pods.starts;
    if (missing > 0) pods.starts += missing;
    else {
      const fromStarting = Math.min(pods.starts, -missing);
      pods.starts -= fromStarting;
      pods.works += missing + fromStarting;
    }
    const status = { replicas: pods.works + pods.starts, availableReplicas: pods.works, observedGeneration: 1 };
    this.#replace({ ...set, status });
  }

  #replace(set: ReplicaSet): void {
    this.sets = this.sets.map((other) => (other.metadata.uid === set.metadata.uid ? set : other));
  }
}

const amount = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
);
const facts = (recreate: fc.Arbitrary<boolean>): fc.Arbitrary<Facts> =>
  fc.record({ replicas: fc.integer({ min: 0, max: 12 }), surge: amount, unavailable: amount, recreate });
const one = { of: fc.nat(5), some: fc.integer({ min: 1, max: 12 }) };
const plan = fc.record({ do: fc.constant('plan' as const) });
const podWork = fc.record({ do: fc.constantFrom('pods' as const, 'ready' as const), ...one });
const template = fc.record({ do: fc.constant('template' as const), image: fc.constantFrom(...images) });
const crash = fc.record({ do: fc.constant('crash' as const), ...one });
const scale = fc.record({ do: fc.constant('scale' as const), replicas: fc.integer({ min: 0, max: 12 }) });
const steps = (...kinds: fc.Arbitrary<Step>[]) => fc.array(fc.oneof(...kinds), { maxLength: 60, size: 'max' });

it('never wants more than the surge allows, and never goes below what must be available, however late statuses are', () => {
  fc.assert(
    fc.property(facts(fc.constant(false)), steps(plan, podWork, plan, podWork, template), (given, taken) => {
      const world = new World(given);
      const { surge, unavailable } = bounds(world.deployment);
      for (const step of taken) {
        world.step(step);
        expect(world.wanted).toBeLessThanOrEqual(given.replicas + surge);
        expect(world.working).toBeGreaterThanOrEqual(given.replicas - unavailable);
      }
    }),
    { numRuns: 500 },
  );
});

it('wants no more than the surge allows even when pods crash', () => {
  fc.assert(
    fc.property(facts(fc.constant(false)), steps(plan, plan, podWork, template, crash), (given, taken) => {
      const world = new World(given);
      for (const step of taken) {
        world.step(step);
        expect(world.wanted).toBeLessThanOrEqual(given.replicas + bounds(world.deployment).surge);
      }
    }),
    { numRuns: 300 },
  );
});

it('converges to the newest template at the wanted size, whatever happened before', () => {
  fc.assert(
    fc.property(facts(fc.boolean()), steps(plan, plan, podWork, template, crash, scale), (given, taken) => {
      const world = new World(given);
      for (const step of taken) world.step(step);
      world.settle();
      const current = atOnce(findNew(world.deployment, world.sets))!;
      expect(wanted(current)).toBe(wanted(world.deployment));
      expect(world.wanted).toBe(wanted(world.deployment));
      expect(world.working).toBe(wanted(world.deployment));
    }),
    { numRuns: 300 },
  );
});
