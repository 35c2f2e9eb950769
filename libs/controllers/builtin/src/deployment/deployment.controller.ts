import type { Controller, ControllerContext, Outcome } from '@kubernest/controllers/engine';
import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import { messageOf } from '@kubernest/kit';
import { clone, deepEqual, isAlreadyExists, isNotFound, paced } from '@kubernest/meta';
import { claim, controllerOf } from '../shared/ownership.ts';
import { recordsEvents, refs } from '../shared/refs.ts';
import { orphanOwners } from '../shared/watch-keys.ts';
import { deploymentType, planDeployment } from './deployment.plan.ts';
import {
  type Condition,
  deadlineIn,
  find,
  hasDeadline,
  isComplete,
  pauseCondition,
  planStatus,
  withCondition,
} from './progress.ts';
import { findNew, REVISION, wanted } from './replica-set-math.ts';
import { planHistory, sizeAnnotations } from './revisions.ts';
import type { Resize } from './rollout.plan.ts';

export const deployment: Controller = {
  name: 'deployment',
  serviceAccount: 'deployment-controller',
  reconciles: refs.deployments,
  watches: [
    { ref: refs.deployments },
    {
      ref: refs.replicaSets,
      keys(object, informers) {
        const owner = controllerOf(object);
        if (!owner) return orphanOwners(object, informers.of<Deployment>(refs.deployments));
        const isOurs = owner.kind === 'Deployment' && owner.apiVersion.startsWith('apps/');
        return isOurs ? [`${object.metadata.namespace}/${owner.name}`] : [];
      },
    },
  ],
  writes: [
    { group: 'apps', resource: 'deployments', verbs: ['get', 'patch', 'update'] },
    { group: 'apps', resource: 'deployments/status', verbs: ['update'] },
    { group: 'apps', resource: 'deployments/finalizers', verbs: ['update'] },
    { group: 'apps', resource: 'replicasets', verbs: ['create', 'update', 'patch', 'delete'] },
    recordsEvents,
  ],
  async reconcile(key, ctx) {
    const found = ctx.informers.of<Deployment>(refs.deployments).get(key);
    return found ? rollOut(found, ctx) : 'done';
  },
};

async function rollOut(deployment: Deployment, ctx: ControllerContext): Promise<Outcome> {
  const { selector } = deployment.spec ?? {};
  if (!selector || (!Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length)) {
    ctx.events.record(deployment, {
      type: 'Warning',
      reason: 'SelectingAll',
      message: 'This deployment is selecting all pods. A non-empty selector is required.',
    });
    return 'done';
  }
  const sets = await claim<ReplicaSet>(
    deployment,
    { of: refs.replicaSets, ownerRef: refs.deployments, type: deploymentType },
    ctx,
  );
  const plan = await paced(planDeployment(deployment, sets));
  const now = ctx.clock.now();
  const run = new Rollout(deployment, sets, ctx);
  run.conditions = pauseCondition(deployment, deployment.status?.conditions ?? [], now);
  if (plan.create) await run.create(plan.create);
  if (plan.annotate) await run.update(plan.annotate);
  for (const resize of plan.resize) await run.resize(resize);
  if (plan.rollout && plan.current && !find(run.conditions, 'Progressing') && hasDeadline(deployment)) {
    const message = `Found new replica set "${plan.current.metadata.name}"`;
    run.conditions = withCondition(
      run.conditions,
      { type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet', message },
      now,
    );
  }
  return run.finish(plan.rollout);
}

/** The steps of one look, and what they made of the sets. */
class Rollout {
  conditions: readonly Condition[] = [];
  #collisionCount: number | undefined;

  constructor(
    private readonly deployment: Deployment,
    private sets: readonly ReplicaSet[],
    private readonly ctx: ControllerContext,
  ) {
    this.#collisionCount = deployment.status?.collisionCount;
  }

  get #api() {
    return this.ctx.client.resource<ReplicaSet>(refs.replicaSets);
  }

  async create(wantedSet: ReplicaSet): Promise<void> {
    const { deployment, ctx } = this;
    const name = wantedSet.metadata.name!;
    try {
      this.sets = [...this.sets, await this.#api.create(wantedSet, {}, ctx)];
    } catch (error) {
      if (isAlreadyExists(error)) return this.#collided(name);
      await this.#couldNotCreate(name, error);
      throw error;
    }
    this.#told('NewReplicaSetCreated', `Created new replica set "${name}"`);
    if (wanted(wantedSet) > 0) this.#scaled(name, 0, wanted(wantedSet));
    ctx.log.debug('made a replica set', { deployment: deployment.metadata.name, replicaSet: name });
  }

  async update(set: ReplicaSet): Promise<ReplicaSet> {
    const stored = await this.#api.update(set, {}, this.ctx);
    this.sets = this.sets.map((other) => (other.metadata.uid === stored.metadata.uid ? stored : other));
    return stored;
  }

  async resize({ set, to }: Resize): Promise<void> {
    const latest = this.sets.find((other) => other.metadata.uid === set.metadata.uid) ?? set;
    const annotations = { ...latest.metadata.annotations, ...sizeAnnotations(this.deployment) };
    if (wanted(latest) === to && deepEqual(annotations, latest.metadata.annotations)) return;
    await this.update({
      ...latest,
      metadata: { ...latest.metadata, annotations },
      spec: { ...latest.spec!, replicas: to },
    });
    if (wanted(latest) !== to) this.#scaled(set.metadata.name!, wanted(latest), to);
  }

  async finish(rollout: boolean): Promise<Outcome> {
    const { ctx } = this;
    const current = await paced(findNew(this.deployment, this.sets));
    const old = this.sets.filter((set) => set !== current);
    const now = ctx.clock.now();
    const deployment = await this.#takeRevision(current);
    const { conditions } = this;
    const status = planStatus({
      deployment,
      current,
      old,
      conditions,
      collisionCount: this.#collisionCount,
      rollout,
      now,
    });
    const before = clone(deployment.status ?? {});
    if (!sameStatus(before, status))
      await ctx.client.resource<Deployment>(refs.deployments).updateStatus({ ...deployment, status }, {}, ctx);
    const isSettled = rollout ? isComplete(deployment, status) : deployment.spec?.paused;
    if (isSettled && !deployment.metadata.deletionTimestamp) await this.#forgetHistory(old);
    const left = deadlineIn(deployment, find(status.conditions, 'Progressing'), now);
    return left === undefined || !rollout ? 'done' : { againAfter: Math.max(1000, left + 1000) };
  }

  /** compat: the deployment carries the revision of its new set; `kubectl rollout history` and `undo` go by it. */
  async #takeRevision(current: ReplicaSet | undefined): Promise<Deployment> {
    const { metadata } = this.deployment;
    const revision = current?.metadata.annotations?.[REVISION];
    if (!revision || metadata.annotations?.[REVISION] === revision || metadata.deletionTimestamp)
      return this.deployment;
    const body = { metadata: { annotations: { [REVISION]: revision }, resourceVersion: metadata.resourceVersion! } };
    const key = { namespace: metadata.namespace, name: metadata.name! };
    return this.ctx.client.resource<Deployment>(refs.deployments).patch(key, { type: 'merge', body }, {}, this.ctx);
  }

  async #forgetHistory(old: readonly ReplicaSet[]): Promise<void> {
    for (const set of planHistory(this.deployment, old)) {
      const { namespace, name, uid } = set.metadata;
      await this.#api
        .delete({ namespace, name: name! }, { preconditions: { uid }, propagationPolicy: 'Background' }, this.ctx)
        .catch((error) => {
          if (!isNotFound(error)) throw error;
        });
    }
  }

  /** The name is taken. By ourselves a moment ago: the cache will show it. By another template: the next look tries another hash. */
  async #collided(name: string): Promise<void> {
    const { deployment, ctx } = this;
    const existing = await this.#api.fetch({ namespace: deployment.metadata.namespace, name }, ctx);
    const isOurs = controllerOf(existing)?.uid === deployment.metadata.uid;
    if (isOurs && (await paced(findNew(deployment, [existing])))) {
      if (!this.sets.some((set) => set.metadata.uid === existing.metadata.uid)) this.sets = [...this.sets, existing];
      return;
    }
    this.#collisionCount = (this.#collisionCount ?? 0) + 1;
  }

  async #couldNotCreate(name: string, error: unknown): Promise<void> {
    const { deployment, ctx } = this;
    const message = `Failed to create new replica set "${name}": ${messageOf(error)}`;
    ctx.events.record(deployment, { type: 'Warning', reason: 'ReplicaSetCreateError', message });
    if (!hasDeadline(deployment)) return;
    const conditions = withCondition(
      this.conditions,
      { type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message },
      ctx.clock.now(),
    );
    const status = { ...deployment.status, conditions };
    await ctx.client
      .resource<Deployment>(refs.deployments)
      .updateStatus({ ...deployment, status }, {}, ctx)
      .catch((cause: unknown) => ctx.log.debug('could not say why', { error: cause }));
  }

  #told(reason: string, message: string): void {
    if (!hasDeadline(this.deployment)) return;
    this.conditions = withCondition(
      this.conditions,
      { type: 'Progressing', status: 'True', reason, message },
      this.ctx.clock.now(),
    );
  }

  #scaled(name: string, from: number, to: number): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    this.ctx.events.record(this.deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
  }
}

const counts = [
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
];

/** Zero and absent are one on the wire. */
function sameStatus(a: object, b: object): boolean {
  const full = (status: object): Record<string, unknown> => ({
    ...Object.fromEntries(counts.map((member) => [member, 0])),
    ...status,
  });
  return deepEqual(full(a), full(b));
}
