import type { Deployment, ReplicaSet } from '@kubernest/kinds';
import type { IntOrString } from '@kubernest/meta';
import { HASH_LABEL, REVISION } from './replica-set-math.ts';
import { sizeAnnotations } from './revisions.ts';

const templateOf = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }] },
});

export interface DeploymentFacts {
  readonly replicas?: number;
  readonly image?: string;
  readonly surge?: IntOrString;
  readonly unavailable?: IntOrString;
  readonly recreate?: boolean;
  readonly paused?: boolean;
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit?: number;
  readonly progressDeadlineSeconds?: number;
  readonly annotations?: Record<string, string>;
  readonly status?: Deployment['status'];
}

export function deploymentOf(facts: DeploymentFacts = {}): Deployment {
  const { replicas = 3, image = 'a', surge, unavailable, recreate, annotations = {}, status, ...rest } = facts;
  return {
    metadata: { name: 'web', namespace: 'default', uid: 'd', generation: 1, annotations },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: templateOf(image),
      strategy: recreate
        ? { type: 'Recreate' }
        : { type: 'RollingUpdate', rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
      ...rest,
    },
    ...(status ? { status } : {}),
  };
}

export interface SetFacts {
  readonly image: string;
  /** What its specification wants. */
  readonly replicas: number;
  /** As many as wanted unless given. */
  readonly available?: number;
  readonly revision?: number;
  /** Older ones were made earlier. */
  readonly age?: number;
  /** The deployment's size when the set was given its own. */
  readonly sizedFor?: Deployment;
  readonly annotations?: Record<string, string>;
  readonly minReadySeconds?: number;
  readonly status?: object;
}

/** As the deployment controller made it and the replica set controller reported on it. */
export function setOf(facts: SetFacts): ReplicaSet {
  const { image, replicas, available = replicas, revision = 1, age = 0, sizedFor, minReadySeconds } = facts;
  const template = templateOf(image);
  const labels = { app: 'web', [HASH_LABEL]: image };
  return {
    metadata: {
      name: `web-${image}`,
      namespace: 'default',
      uid: image,
      generation: 1,
      creationTimestamp: new Date(Date.UTC(2026, 0, 2) - age * 1000).toISOString(),
      labels,
      annotations: { [REVISION]: String(revision), ...(sizedFor && sizeAnnotations(sizedFor)), ...facts.annotations },
    },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { ...template, metadata: { labels } },
      minReadySeconds,
    },
    status: {
      replicas,
      readyReplicas: available,
      availableReplicas: available,
      observedGeneration: 1,
      ...facts.status,
    },
  };
}
