import { allVerbs, define } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { Pod } from '../../types.ts';
import { podColumns } from './pod.columns.ts';
import { podDefaults } from './pod.defaults.ts';
import { preparePod, preparePodStatus } from './pod.preparation.ts';
import { validatePod } from './pod.validation.ts';
import { warnOfAppArmor, warnOfPod } from './pod.warnings.ts';
import { validatePodUpdate } from './pod-update.validation.ts';

const defaultGracePeriodSeconds = 30;

/** A pod that runs nowhere, or no longer, has nothing to be graceful for. */
function gracePeriodSeconds(pod: Pod): number {
  const { phase } = pod.status ?? {};
  if (!pod.spec?.nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
  const seconds = pod.spec.terminationGracePeriodSeconds ?? defaultGracePeriodSeconds;
  return seconds < 0 ? 1 : seconds;
}

export const podResource = define<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema: apiSchema('core/v1', 'Pod'),
  verbs: allVerbs,
  statusSubresource: true,
  // compat: agents of old lost them on the way.
  statusKeeps: ['ownerReferences'],
  tracksGeneration: true,
  allowUnconditionalUpdate: true,
  deleteShowsObject: true,
  gracePeriodSeconds,
  selectableFields: {
    'spec.nodeName': (pod) => pod.spec?.nodeName ?? '',
    // compat: clients of old call it so.
    'spec.host': (pod) => pod.spec?.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec?.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(pod.spec?.hostNetwork ?? false),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '',
    // compat: it may be asked for, and no pod says anything there.
    'status.podIPs': () => '',
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
  prepareForCreate: preparePod,
  prepareForStatusUpdate: preparePodStatus,
  defaults: podDefaults,
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  warnings: warnOfPod,
  warningsAsSent: warnOfAppArmor,
  columns: podColumns,
  example: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'default', labels: { app: 'web' } },
    spec: {
      containers: [
        {
          name: 'web',
          image: 'example.test/web:1',
          imagePullPolicy: 'IfNotPresent',
          ports: [{ containerPort: 8080, protocol: 'TCP' }],
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      volumes: [{ name: 'data', emptyDir: {} }],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  },
});
