import { anything, conditions, fields, intOrText, list, type Project, rooted, text, truth, whole } from './project.ts';

const count = { ...whole, format: 'int32' };
const step = fields({
  setWeight: { ...count, minimum: 0, maximum: 100 },
  pause: fields({ duration: intOrText }),
  setCanaryScale: fields({ replicas: count, weight: count, matchTrafficWeight: truth }),
  analysis: fields({
    templates: list(fields({ templateName: text })),
    args: list(fields({ name: text, value: text }, 'name')),
  }),
});
const canary = fields({
  maxSurge: intOrText,
  maxUnavailable: intOrText,
  canaryService: text,
  stableService: text,
  steps: list(step),
});
const blueGreen = fields({ activeService: text, previewService: text, autoPromotionEnabled: truth }, 'activeService');
const spec = fields({
  replicas: { ...count, nullable: true },
  minReadySeconds: count,
  paused: { ...truth, title: 'Paused', description: 'Whether nothing moves until somebody says so.' },
  progressDeadlineSeconds: count,
  restartAt: { ...text, format: 'date-time' },
  revisionHistoryLimit: count,
  selector: { ...anything, 'x-kubernetes-map-type': 'atomic' },
  strategy: fields({ canary, blueGreen }),
  template: fields({ metadata: anything, spec: anything }),
  workloadRef: fields({ apiVersion: text, kind: text, name: text, scaleDown: text }),
});
const status = fields({
  conditions,
  phase: text,
  selector: text,
  replicas: count,
  readyReplicas: count,
  HPAReplicas: count,
  currentStepIndex: count,
  canary: fields({ weights: { ...anything, nullable: true } }),
});

/** Rollouts: scaled as Deployments are, with whole pod templates that nobody describes. */
export const rollouts: Project = {
  definition: {
    metadata: { name: 'rollouts.progress.example.test' },
    spec: {
      group: 'progress.example.test',
      scope: 'Namespaced',
      names: { plural: 'rollouts', singular: 'rollout', kind: 'Rollout', listKind: 'RolloutList', shortNames: ['ro'] },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: rooted(spec, status, 'spec'),
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.HPAReplicas',
              labelSelectorPath: '.status.selector',
            },
          },
          additionalPrinterColumns: [
            { name: 'Desired', type: 'integer', jsonPath: '.spec.replicas', description: 'How many there are to be' },
            { name: 'Current', type: 'integer', jsonPath: '.status.replicas' },
            { name: 'Image', type: 'string', jsonPath: '.spec.template.spec.containers[0].image' },
            { name: 'Restart', type: 'date', jsonPath: '.spec.restartAt' },
          ],
        },
      ],
    },
  },
  sent: {
    apiVersion: 'progress.example.test/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'first' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      strategy: {
        canary: {
          maxSurge: '25%',
          maxUnavailable: 0,
          steps: [{ setWeight: 20 }, { pause: {} }, { pause: { duration: '1h' } }, { jump: 1 }],
        },
      },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'web:1', ofTomorrow: { deep: [1] } }] },
        more: 1,
      },
    },
  },
  unknown: ['spec.strategy.canary.steps[3].jump', 'spec.template.more'],
  read: {
    v1alpha1: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      strategy: {
        canary: {
          maxSurge: '25%',
          maxUnavailable: 0,
          steps: [{ setWeight: 20 }, { pause: {} }, { pause: { duration: '1h' } }, {}],
        },
      },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'web:1', ofTomorrow: { deep: [1] } }] },
      },
    },
  },
  refused: [
    [
      { spec: { strategy: { canary: { steps: [{ setWeight: 101 }] } } } },
      'spec.strategy.canary.steps[0].setWeight in body should be less than or equal to 100',
    ],
    [
      { spec: { strategy: { canary: { maxSurge: [] } } } },
      'spec.strategy.canary.maxSurge in body must be of type integer,string: "array"',
    ],
    [{ spec: { strategy: { blueGreen: {} } } }, 'spec.strategy.blueGreen.activeService: Required value'],
    [{ spec: { replicas: 3_000_000_000 } }, 'spec.replicas'],
    [{ spec: { replicas: -1 } }, '.spec.replicas: Invalid value: -1: should be a non-negative integer'],
    [{ spec: { restartAt: 'now' } }, 'spec.restartAt in body must be of type date-time: "now"'],
  ],
  change: {
    patch: { spec: { paused: true, template: { spec: { containers: [{ name: 'c', image: 'web:2' }] } } } },
    spec: {
      paused: true,
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'web:2' }] } },
    },
  },
  applied: {
    first: { replicas: 1, template: { spec: { hostNetwork: true } } },
    second: { template: { spec: { dnsPolicy: 'Default' } } },
    both: { replicas: 1, template: { spec: { hostNetwork: true, dnsPolicy: 'Default' } } },
    conflict: { template: { spec: { dnsPolicy: 'Default', hostNetwork: false } } },
    told: '.spec.template.spec.hostNetwork',
  },
  status: {
    sent: { replicas: 2, HPAReplicas: 2, selector: 'app=web', canary: { weights: null }, mood: 'fine' },
    kept: { replicas: 2, HPAReplicas: 2, selector: 'app=web', canary: { weights: null } },
    isApart: true,
  },
  scale: { selector: 'app=web', replicas: 2 },
  columns: ['Name', 'Desired', 'Current', 'Image', 'Restart'],
  cells: ['first', 7, 2, 'web:2', null],
};
