import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { deploymentDefaults } from './deployment.defaults.ts';

function defaulted(spec: Record<string, unknown>): unknown {
  const deployment = { metadata: { name: 'web' }, spec };
  deploymentDefaults(deployment as KubeObject);
  return deployment.spec;
}

it('a deployment rolls by quarters, and its template is defaulted as a template', () => {
  expect(defaulted({ template: { spec: { containers: [] } } })).toEqual({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    template: {
      spec: {
        containers: [],
        dnsPolicy: 'ClusterFirst',
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
    },
  });
});

it('none of it replaces what is said', () => {
  expect(defaulted({ replicas: 0, strategy: { type: 'Recreate' } })).toMatchObject({
    replicas: 0,
    strategy: { type: 'Recreate' },
  });
  expect(defaulted({ strategy: { rollingUpdate: { maxSurge: 0 } } })).toMatchObject({
    strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '25%' } },
  });
});
