import { type FieldError, fieldErrorBody, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../types.ts';
import { validateReplicaSet } from '../replica-set/replica-set.validation.ts';
import { deploymentDefaults } from './deployment.defaults.ts';
import { validateDeployment, validateDeploymentUpdate } from './deployment.validation.ts';

type Loose = Record<string, unknown>;

function deployment(spec: Loose): Deployment {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } };
  const draft = {
    metadata: { name: 'web' },
    spec: structuredClone({ selector: { matchLabels: { app: 'web' } }, template, ...spec }),
  };
  deploymentDefaults(draft as KubeObject);
  return draft as unknown as Deployment;
}

const now = new Date(0);
const faults = (spec: Loose): string[] =>
  validateDeployment(deployment(spec), { subresource: '', now }).map(
    (fault) => `${fault.field}: ${fieldErrorBody(fault)}`,
  );

describe('a deployment’s faults', () => {
  it('a plain one has none', () => {
    expect(faults({})).toEqual([]);
  });

  it.each<[Loose, string]>([
    [{ selector: undefined }, 'spec.selector: Required value'],
    [{ selector: {} }, 'spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    [
      { selector: { matchLabels: { app: 'db' } } },
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    [{ replicas: -1 }, 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    [
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      { strategy: { type: 'Blue' } },
      'spec.strategy: Unsupported value: {"type":"Blue"}: supported values: "Recreate", "RollingUpdate"',
    ],
    [
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
    ],
    [
      { strategy: { rollingUpdate: { maxUnavailable: '101%' } } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
    ],
    [
      { strategy: { rollingUpdate: { maxSurge: 'many' } } },
      'spec.strategy.rollingUpdate.maxSurge: Invalid value: "many": a valid percent string must be',
    ],
    [
      { minReadySeconds: 600 },
      'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
    ],
    [
      { template: { metadata: { labels: { app: 'web' } }, spec: { restartPolicy: 'Never', containers: [] } } },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
    [
      { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } } },
      'spec.template.spec.containers: Required value',
    ],
  ])('%j: %s', (spec, fault) => {
    expect(faults(spec).join('\n')).toContain(fault);
  });

  it('a selector stays what it was', () => {
    const selector = { matchLabels: { app: 'other' } };
    expect(validateDeploymentUpdate(deployment({ replicas: 5 }), deployment({}), { subresource: '', now })).toEqual([]);
    expect(validateDeploymentUpdate(deployment({ selector }), deployment({}), { subresource: '', now })).toEqual([
      { type: 'FieldValueInvalid', field: 'spec.selector', value: selector, detail: 'field is immutable' },
    ]);
  });

  it('whoever writes a status is asked whether its numbers add up', () => {
    const context = { subresource: 'status', now };
    const status = { replicas: 1, updatedReplicas: 2, readyReplicas: 0, availableReplicas: 1, unavailableReplicas: -1 };
    const words = (found: readonly FieldError[]) => found.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`);
    expect(words(validateDeployment({ metadata: {}, status }, context))).toEqual([
      'status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0',
      'status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas',
    ]);
    expect(words(validateReplicaSet({ metadata: {}, status: { replicas: 1, readyReplicas: 2 } }, context))).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ]);
    const counted = (collisionCount: number) => ({ ...deployment({}), status: { collisionCount } });
    expect(words(validateDeploymentUpdate(counted(1), counted(2), context))).toEqual([
      'status.collisionCount: Invalid value: 1: cannot be decremented',
    ]);
  });
});
