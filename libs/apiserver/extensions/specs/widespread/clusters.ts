import { expect } from 'vitest';
import {
  age,
  anything,
  conditions,
  fields,
  list,
  listBy,
  oneOf,
  type Project,
  rooted,
  type Spec,
  text,
  truth,
  whole,
} from './project.ts';

const embedded = { ...anything, 'x-kubernetes-embedded-resource': true };
const cidrs = fields({ cidrBlocks: { ...list({ ...text, format: 'cidr' }), maxItems: 100 } }, 'cidrBlocks');
const variable = fields(
  { name: { ...text, maxLength: 256 }, value: { 'x-kubernetes-preserve-unknown-fields': true } },
  'name',
  'value',
);
const specOf = (reference: Spec) =>
  fields({
    paused: truth,
    clusterNetwork: fields({
      pods: cidrs,
      services: cidrs,
      serviceDomain: { ...text, default: 'cluster.local' },
      apiServerPort: { ...whole, format: 'int32', minimum: 1, maximum: 65535 },
    }),
    controlPlaneRef: { ...reference, 'x-kubernetes-map-type': 'atomic' },
    controlPlaneEndpoint: fields({ host: text, port: { ...whole, format: 'int32' } }, 'host', 'port'),
    topology: fields(
      {
        class: { ...text, minLength: 1 },
        version: text,
        variables: listBy(['name'], variable),
        workers: fields({
          machineDeployments: listBy(
            ['name'],
            fields(
              { name: text, class: text, replicas: { ...whole, format: 'int32' }, template: embedded },
              'name',
              'class',
            ),
          ),
        }),
      },
      'class',
    ),
  });
const status = fields({
  conditions,
  phase: oneOf('Pending', 'Provisioning', 'Provisioned', 'Deleting', 'Failed'),
  failureDomains: {
    type: 'object',
    additionalProperties: fields({ controlPlane: truth, attributes: { type: 'object', additionalProperties: text } }),
  },
  observedGeneration: { ...whole, format: 'int64' },
});
const version = (name: string, reference: Spec, more: object) => ({
  name,
  served: true,
  storage: name === 'v1beta2',
  schema: rooted(specOf(reference), status),
  subresources: { status: {} },
  additionalPrinterColumns: [
    { name: 'Class', type: 'string', jsonPath: '.spec.topology.class' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { ...age, priority: 1 },
  ],
  ...more,
});
const rest = {
  clusterNetwork: { pods: { cidrBlocks: ['10.0.0.0/16'] }, serviceDomain: 'cluster.local' },
  topology: {
    class: 'small',
    variables: [
      { name: 'zones', value: ['a', { b: 1 }] },
      { name: 'size', value: 3 },
    ],
    workers: {
      machineDeployments: [
        {
          name: 'md',
          class: 'worker',
          template: {
            apiVersion: 'machines.example.test/v1',
            kind: 'Template',
            metadata: { name: 't', labels: { a: 'b' } },
            spec: { any: { thing: true } },
          },
        },
      ],
    },
  },
};
const old = { apiVersion: 'planes.example.test/v1', kind: 'Plane', name: 'p' };
const present = { apiGroup: 'planes.example.test', kind: 'Plane', name: 'p' };
const machines = (template: object) => ({
  spec: { topology: { workers: { machineDeployments: [{ name: 'md', class: 'w', template }] } } },
});

/** Clusters with templates embedded in them, values of any type by name, and references that another version writes otherwise. */
export const clusters: Project = {
  definition: {
    metadata: { name: 'clusters.fleet.example.test' },
    spec: {
      group: 'fleet.example.test',
      scope: 'Namespaced',
      names: {
        plural: 'clusters',
        singular: 'cluster',
        kind: 'Cluster',
        listKind: 'ClusterList',
        shortNames: ['cl'],
        categories: ['fleet'],
      },
      conversion: {
        strategy: 'Webhook',
        webhook: {
          conversionReviewVersions: ['v1', 'v1beta1'],
          clientConfig: { url: 'https://fleet.example.test/convert' },
        },
      },
      versions: [
        version('v1beta2', fields({ apiGroup: text, kind: text, name: text }, 'kind', 'name'), {}),
        version('v1beta1', fields({ apiVersion: text, kind: text, name: text, uid: text }), { deprecated: true }),
        version('v1alpha4', fields({ apiVersion: text, kind: text, name: text }), { served: false }),
      ],
    },
  },
  sent: {
    apiVersion: 'fleet.example.test/v1beta1',
    kind: 'Cluster',
    metadata: { name: 'first', finalizers: ['fleet.example.test/machines'] },
    spec: {
      ...rest,
      clusterNetwork: { pods: { cidrBlocks: ['10.0.0.0/16'] } },
      controlPlaneRef: { ...old, fieldPath: 'x' },
    },
  },
  unknown: ['spec.controlPlaneRef.fieldPath'],
  read: { v1beta2: { ...rest, controlPlaneRef: present }, v1beta1: { ...rest, controlPlaneRef: old } },
  refused: [
    [machines({ kind: 'Template' }), 'spec.topology.workers.machineDeployments[0].template.apiVersion: Required value'],
    [
      machines({ apiVersion: 'v1', kind: 'T', metadata: { labels: { a: 'b c' } } }),
      'spec.topology.workers.machineDeployments[0].template.metadata.labels: Invalid value: "b c"',
    ],
    [
      { spec: { clusterNetwork: { pods: { cidrBlocks: ['10.0.0.0'] } } } },
      'spec.clusterNetwork.pods.cidrBlocks[0] in body must be of type cidr: "10.0.0.0"',
    ],
    [{ spec: { topology: { variables: [{ name: 'a' }] } } }, 'spec.topology.variables[0].value: Required value'],
    [{ spec: { topology: { class: '' } } }, 'spec.topology.class in body should be at least 1 chars long'],
  ],
  change: {
    patch: { spec: { topology: { variables: [{ name: 'size', value: { cpu: '4' } }] } } },
    spec: { topology: { ...rest.topology, variables: [{ name: 'size', value: { cpu: '4' } }] } },
  },
  applied: {
    first: { topology: { class: 'small', variables: [{ name: 'a', value: 1 }] } },
    second: { topology: { class: 'small', variables: [{ name: 'b', value: [2] }] } },
    both: {
      topology: {
        class: 'small',
        variables: [
          { name: 'a', value: 1 },
          { name: 'b', value: [2] },
        ],
      },
    },
    conflict: { topology: { class: 'small', variables: [{ name: 'a', value: 'one' }] } },
    told: '.spec.topology.variables[name="a"].value',
  },
  status: {
    sent: {
      phase: 'Provisioned',
      failureDomains: { west: { controlPlane: true, attributes: { rack: '1' }, far: true } },
    },
    kept: { phase: 'Provisioned', failureDomains: { west: { controlPlane: true, attributes: { rack: '1' } } } },
    isApart: true,
  },
  columns: ['Name', 'Class', 'Phase', 'Age'],
  cells: ['first', 'small', 'Provisioned', expect.any(String)],
  convert: ({ spec: { controlPlaneRef, ...others } }, to) => {
    if (!controlPlaneRef) return others;
    const { apiVersion, apiGroup, ...named } = controlPlaneRef as Record<string, string>;
    const group = apiGroup ?? apiVersion?.split('/')[0];
    return {
      ...others,
      controlPlaneRef: to.endsWith('v1beta2') ? { apiGroup: group, ...named } : { apiVersion: `${group}/v1`, ...named },
    };
  },
};
