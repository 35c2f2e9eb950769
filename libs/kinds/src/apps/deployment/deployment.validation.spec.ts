import { fieldErrorBody, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../types.ts';
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

const faults = (spec: Loose): string[] =>
  validateDeployment(deployment(spec)).map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`);

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
      'spec.strategy.type: Unsupported value: "Blue": supported values: "Recreate", "RollingUpdate"',
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
    expect(validateDeploymentUpdate(deployment({ replicas: 5 }), deployment({}))).toEqual([]);
    expect(validateDeploymentUpdate(deployment({ selector }), deployment({}))).toEqual([
      { type: 'FieldValueInvalid', field: 'spec.selector', value: selector, detail: 'field is immutable' },
    ]);
  });
});
