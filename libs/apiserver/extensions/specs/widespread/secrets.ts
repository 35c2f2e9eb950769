import { expect } from 'vitest';
import { age, conditions, fields, list, mapOf, oneOf, type Project, ready, rooted, text, truth } from './project.ts';

const name = { ...text, minLength: 1, maxLength: 253, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' };
const key = { ...text, minLength: 1, maxLength: 253, pattern: '^[-._a-zA-Z0-9]+$' };
const remote = fields(
  {
    key: text,
    property: text,
    version: text,
    conversionStrategy: { ...oneOf('Default', 'Unicode'), default: 'Default' },
    decodingStrategy: { ...oneOf('Auto', 'Base64', 'None'), default: 'None' },
    metadataPolicy: { ...oneOf('None', 'Fetch'), default: 'None' },
  },
  'key',
);
const source = {
  ...fields({
    storeRef: fields({ name, kind: oneOf('SecretStore', 'ClusterSecretStore') }),
    generatorRef: fields({ kind: text, name }, 'kind', 'name'),
  }),
  minProperties: 1,
  maxProperties: 1,
};
const template = fields({
  engineVersion: { ...oneOf('v2'), default: 'v2' },
  type: text,
  data: mapOf(text),
  metadata: fields({ labels: mapOf(text), annotations: mapOf(text) }),
  templateFrom: list(fields({ target: { ...oneOf('Data', 'Annotations', 'Labels'), default: 'Data' }, literal: text })),
});
const specOf = (refresh: string) =>
  fields({
    secretStoreRef: fields({ name, kind: oneOf('SecretStore', 'ClusterSecretStore') }),
    [refresh]: { ...text, default: '1h0m0s' },
    target: {
      ...fields({
        name,
        creationPolicy: { ...oneOf('Owner', 'Orphan', 'Merge', 'None'), default: 'Owner' },
        deletionPolicy: { ...oneOf('Delete', 'Merge', 'Retain'), default: 'Retain' },
        immutable: truth,
        template,
      }),
      default: { creationPolicy: 'Owner', deletionPolicy: 'Retain' },
    },
    data: list(fields({ secretKey: key, remoteRef: remote, sourceRef: source }, 'secretKey', 'remoteRef')),
    dataFrom: list(
      fields({
        find: fields({ name: fields({ regexp: text }), tags: mapOf(text) }),
        rewrite: list({
          ...fields({
            regexp: fields({ source: text, target: text }, 'source', 'target'),
            transform: fields({ template: text }, 'template'),
          }),
          oneOf: [{ required: ['regexp'] }, { required: ['transform'] }],
        }),
      }),
    ),
  });
const status = fields({
  conditions,
  refreshTime: { ...text, format: 'date-time', nullable: true },
  binding: { ...fields({ name: { ...text, default: '' } }), 'x-kubernetes-map-type': 'atomic' },
});
const version = (versionName: string, refresh: string, more: object) => ({
  name: versionName,
  served: true,
  storage: versionName === 'v1',
  schema: rooted(specOf(refresh), status),
  subresources: { status: {} },
  additionalPrinterColumns: [
    { name: 'Store', type: 'string', jsonPath: '.spec.secretStoreRef.name' },
    { name: 'Refresh', type: 'string', jsonPath: `.spec.${refresh}` },
    ready,
    age,
  ],
  ...more,
});
const rest = {
  secretStoreRef: { name: 'vault', kind: 'SecretStore' },
  target: { name: 'db', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
  data: [
    {
      secretKey: 'password',
      remoteRef: { key: 'db/main', conversionStrategy: 'Default', decodingStrategy: 'None', metadataPolicy: 'None' },
    },
  ],
};

/** Secrets that come from elsewhere: two versions in which a field has another name, by webhook; either this or that; empty defaults. */
export const secrets: Project = {
  definition: {
    metadata: { name: 'externalsecrets.vaults.example.test' },
    spec: {
      group: 'vaults.example.test',
      scope: 'Namespaced',
      names: {
        plural: 'externalsecrets',
        singular: 'externalsecret',
        kind: 'ExternalSecret',
        listKind: 'ExternalSecretList',
        shortNames: ['es'],
        categories: ['vaults'],
      },
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1'],
          clientConfig: { service: { namespace: 'vaults', name: 'webhook', path: '/convert' } },
        },
      },
      versions: [version('v1', 'refreshInterval', {}), version('v1alpha1', 'refreshEvery', { deprecated: true })],
    },
  },
  sent: {
    apiVersion: 'vaults.example.test/v1alpha1',
    kind: 'ExternalSecret',
    metadata: { name: 'first' },
    spec: {
      secretStoreRef: { name: 'vault', kind: 'SecretStore' },
      refreshEvery: '30s',
      refreshInterval: '1s',
      target: { name: 'db' },
      data: [{ secretKey: 'password', remoteRef: { key: 'db/main' } }],
    },
  },
  unknown: ['spec.refreshInterval'],
  read: { v1: { ...rest, refreshInterval: '30s' }, v1alpha1: { ...rest, refreshEvery: '30s' } },
  refused: [
    [
      { spec: { data: [{ secretKey: 'a b', remoteRef: { key: 'k' } }] } },
      'spec.data[0].secretKey in body should match',
    ],
    [
      { spec: { target: { template: { engineVersion: 'v1' } } } },
      'spec.target.template.engineVersion: Unsupported value: "v1": supported values: "v2"',
    ],
    [
      { spec: { data: [{ secretKey: 'a', remoteRef: { key: 'k' }, sourceRef: {} }] } },
      'spec.data[0].sourceRef in body should have at least 1 properties',
    ],
    [
      {
        spec: {
          data: [
            {
              secretKey: 'a',
              remoteRef: { key: 'k' },
              sourceRef: { storeRef: {}, generatorRef: { kind: 'P', name: 'p' } },
            },
          ],
        },
      },
      'spec.data[0].sourceRef: Too many: 2: must have at most 1 item',
    ],
    [
      { spec: { dataFrom: [{ rewrite: [{}] }] } },
      '"spec.dataFrom[0].rewrite[0]" must validate one and only one schema (oneOf)',
    ],
  ],
  change: {
    patch: { spec: { target: { template: { data: { url: '{{ .host }}' } } } } },
    spec: {
      target: {
        name: 'db',
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        template: { engineVersion: 'v2', data: { url: '{{ .host }}' } },
      },
    },
  },
  applied: {
    first: { refreshEvery: '5s' },
    second: { target: { template: { data: { b: '2' } } } },
    both: {
      refreshEvery: '5s',
      target: {
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        template: { engineVersion: 'v2', data: { b: '2' } },
      },
    },
    conflict: { target: { template: { data: { b: '2' } } }, refreshEvery: '9s' },
    told: '.spec.refreshEvery',
  },
  status: {
    sent: {
      refreshTime: null,
      binding: {},
      conditions: [{ type: 'Ready', status: 'False', reason: 'SecretSyncedError' }],
    },
    kept: {
      refreshTime: null,
      binding: { name: '' },
      conditions: [{ type: 'Ready', status: 'False', reason: 'SecretSyncedError' }],
    },
    isApart: true,
  },
  columns: ['Name', 'Store', 'Refresh', 'Ready', 'Age'],
  cells: ['first', 'vault', '30s', 'False', expect.any(String)],
  convert: ({ spec: { refreshEvery, refreshInterval, ...others } }, to) => {
    const every = refreshEvery ?? refreshInterval;
    return { ...others, [to.endsWith('v1') ? 'refreshInterval' : 'refreshEvery']: every };
  },
};
