import { expect } from 'vitest';
import { anything, fields, list, mapOf, oneOf, type Project, rooted, text, truth, whole } from './project.ts';

const names = { ...list(text), nullable: true };
const labels = {
  ...fields({
    matchLabels: mapOf(text),
    matchExpressions: list(fields({ key: text, operator: text, values: list(text) }, 'key', 'operator')),
  }),
  nullable: true,
  'x-kubernetes-map-type': 'atomic',
};
const command = fields(
  { command: { ...list(text), minItems: 1 }, container: text, onError: oneOf('Continue', 'Fail'), timeout: text },
  'command',
);
const hook = fields(
  {
    name: text,
    includedNamespaces: names,
    labelSelector: labels,
    pre: list(fields({ exec: command }, 'exec')),
    post: list(fields({ exec: command }, 'exec')),
  },
  'name',
);
const spec = fields({
  includedNamespaces: names,
  excludedNamespaces: names,
  includedResources: names,
  labelSelector: labels,
  orLabelSelectors: { ...list(labels), nullable: true },
  ttl: text,
  storageLocation: text,
  snapshotVolumes: { ...truth, nullable: true },
  includeClusterResources: { ...truth, nullable: true },
  orderedResources: { ...mapOf(text), nullable: true },
  itemOperationTimeout: text,
  metadata: fields({ labels: mapOf(text) }),
  hooks: fields({ resources: { ...list(hook), nullable: true } }),
  uploaderConfig: { ...fields({ parallelFilesUpload: { ...whole, minimum: 1 } }), nullable: true },
  resourcePolicy: {
    ...fields({ apiGroup: { ...text, nullable: true }, kind: text, name: text }, 'kind', 'name'),
    'x-kubernetes-map-type': 'atomic',
  },
});
const status = fields({
  phase: oneOf('New', 'FailedValidation', 'InProgress', 'Completed', 'Deleting'),
  expiration: { ...text, format: 'date-time', nullable: true },
  progress: { ...fields({ totalItems: whole, itemsBackedUp: whole }), nullable: true },
  validationErrors: names,
  warnings: whole,
  formatVersion: text,
  hookStatus: { ...anything, nullable: true },
});

/** Backups: nearly everything may be null, and the status is nobody's own. */
export const backups: Project = {
  definition: {
    metadata: { name: 'backups.vault.example.test' },
    spec: {
      group: 'vault.example.test',
      scope: 'Namespaced',
      names: { plural: 'backups', singular: 'backup', kind: 'Backup', listKind: 'BackupList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: rooted(spec, status) }],
    },
  },
  sent: {
    apiVersion: 'vault.example.test/v1',
    kind: 'Backup',
    metadata: {
      name: 'first',
      finalizers: ['vault.example.test/external'],
      annotations: { 'vault.example.test/source': 'v1.36' },
    },
    spec: {
      includedNamespaces: ['*'],
      excludedNamespaces: null,
      snapshotVolumes: null,
      labelSelector: null,
      hooks: {
        resources: [
          {
            name: 'freeze',
            labelSelector: null,
            pre: [{ exec: { command: ['fsfreeze', '-f', '/data'], shell: true } }],
          },
        ],
      },
      ttl: null,
      metadata: {},
    },
  },
  unknown: ['spec.hooks.resources[0].pre[0].exec.shell'],
  read: {
    v1: {
      includedNamespaces: ['*'],
      excludedNamespaces: null,
      snapshotVolumes: null,
      labelSelector: null,
      hooks: {
        resources: [{ name: 'freeze', labelSelector: null, pre: [{ exec: { command: ['fsfreeze', '-f', '/data'] } }] }],
      },
      metadata: {},
    },
  },
  refused: [
    [
      { spec: { hooks: { resources: [{ name: 'a', pre: [{ exec: { command: [] } }] }] } } },
      'spec.hooks.resources[0].pre[0].exec.command in body should have at least 1 items',
    ],
    [
      { spec: { orderedResources: { pods: 1 } } },
      'spec.orderedResources.pods in body must be of type string: "integer"',
    ],
    [
      { spec: { uploaderConfig: { parallelFilesUpload: 0 } } },
      'spec.uploaderConfig.parallelFilesUpload in body should be greater than or equal to 1',
    ],
    [{ spec: { hooks: { resources: [{}] } } }, 'spec.hooks.resources[0].name: Required value'],
    [{ status: { phase: 'Sleeping' } }, 'status.phase: Unsupported value: "Sleeping"'],
  ],
  change: {
    patch: {
      spec: { ttl: '720h0m0s', orderedResources: { pods: 'a/b,a/c' }, uploaderConfig: { parallelFilesUpload: 2 } },
    },
    spec: {
      ttl: '720h0m0s',
      orderedResources: { pods: 'a/b,a/c' },
      uploaderConfig: { parallelFilesUpload: 2 },
      snapshotVolumes: null,
    },
  },
  applied: {
    first: { snapshotVolumes: null, orderedResources: { pods: 'a/b' } },
    second: { orderedResources: { persistentvolumes: 'x' } },
    both: { snapshotVolumes: null, orderedResources: { pods: 'a/b', persistentvolumes: 'x' } },
    conflict: { orderedResources: { persistentvolumes: 'x', pods: 'b/c' } },
    told: '.spec.orderedResources.pods',
  },
  status: {
    sent: { phase: 'Completed', expiration: null, progress: { totalItems: 7, itemsBackedUp: 7, rate: 1 } },
    kept: { phase: 'Completed', expiration: null, progress: { totalItems: 7, itemsBackedUp: 7 } },
    isApart: false,
  },
  columns: ['Name', 'Age'],
  cells: ['first', expect.any(String)],
};
