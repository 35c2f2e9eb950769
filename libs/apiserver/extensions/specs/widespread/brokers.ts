import {
  anything,
  conditions,
  fields,
  list,
  mapOf,
  oneOf,
  type Project,
  ready,
  rooted,
  text,
  truth,
  whole,
} from './project.ts';

const quantity = {
  'x-kubernetes-int-or-string': true,
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: String.raw`^[0-9]+(\.[0-9]+)?(m|[KMGT]i?)?$`,
};
const resources = fields({ limits: mapOf(quantity), requests: mapOf(quantity) });
const volume = fields(
  {
    id: { ...whole, minimum: 0 },
    type: oneOf('ephemeral', 'persistent-claim'),
    size: text,
    deleteClaim: truth,
    overrides: list(fields({ broker: whole, class: text })),
  },
  'type',
);
const storage = fields(
  { type: oneOf('ephemeral', 'persistent-claim', 'jbod'), size: text, volumes: list(volume) },
  'type',
);
const listener = fields(
  {
    name: { ...text, pattern: '^[a-z0-9]{1,11}$' },
    port: { ...whole, minimum: 9092 },
    type: oneOf('internal', 'route', 'loadbalancer', 'nodeport', 'ingress'),
    tls: { ...truth, default: false },
    authentication: fields(
      { type: oneOf('tls', 'scram-sha-512', 'oauth', 'custom'), maxSecondsWithoutReauthentication: whole, sasl: truth },
      'type',
    ),
    networkPolicyPeers: list(anything),
  },
  'name',
  'port',
  'type',
);
const kafka = fields(
  {
    version: text,
    replicas: { ...whole, minimum: 1, maximum: 32_767 },
    listeners: { ...list(listener), minItems: 1, 'x-kubernetes-list-type': 'atomic' },
    config: anything,
    rack: fields({ topologyKey: { ...text, example: 'topology.kubernetes.io/zone' } }, 'topologyKey'),
    logging: fields({ type: oneOf('inline', 'external'), loggers: mapOf(text) }, 'type'),
    jvmOptions: fields({ '-Xmx': { ...text, pattern: '^[0-9]+[mMgG]?$' }, '-XX': mapOf(text) }),
    resources,
    storage,
  },
  'listeners',
  'storage',
);
const tolerance = { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true };
const spec = fields(
  {
    kafka,
    maintenanceTimeWindows: { ...list(text), uniqueItems: false },
    cruiseControl: fields({ brokerCapacity: mapOf(text), goalTolerance: tolerance }),
  },
  'kafka',
);
const status = fields({
  conditions,
  replicas: whole,
  selector: text,
  observedGeneration: whole,
  listeners: list(
    fields({ name: text, addresses: list(fields({ host: text, port: whole })), certificates: list(text) }),
  ),
  kafkaNodePools: mapOf(fields({ nodes: list(whole), roles: list(oneOf('broker', 'controller')) }, 'nodes')),
});
const version = (name: string, more: object) => ({
  name,
  served: true,
  storage: name === 'v1beta2',
  schema: rooted(spec, status),
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.kafka.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  },
  additionalPrinterColumns: [
    { name: 'Desired', type: 'integer', jsonPath: '.spec.kafka.replicas' },
    { name: 'Warnings', type: 'string', jsonPath: ".status.conditions[?(@.type=='Warning')].status" },
    ready,
  ],
  ...more,
});
const read = {
  kafka: {
    replicas: 3,
    listeners: [{ name: 'plain', port: 9092, type: 'internal', tls: false }],
    config: { 'offsets.topic.replication.factor': 3, 'log.message.format.version': '3.9', nested: { a: [true] } },
    jvmOptions: { '-Xmx': '2g', '-XX': { UseG1GC: 'true' } },
    resources: { limits: { memory: '8Gi', cpu: 2 } },
    storage: { type: 'jbod', volumes: [{ id: 0, type: 'persistent-claim', size: '100Gi' }] },
  },
};
const broker = (more: object) => ({ spec: { kafka: more } });

/** Brokers: configuration of any keys, odd names of fields, quantities, maps of structs, three versions of one form. */
export const brokers: Project = {
  definition: {
    metadata: { name: 'kafkas.queues.example.test' },
    spec: {
      group: 'queues.example.test',
      scope: 'Namespaced',
      names: {
        plural: 'kafkas',
        singular: 'kafka',
        kind: 'Kafka',
        listKind: 'KafkaList',
        shortNames: ['k'],
        categories: ['queues'],
      },
      conversion: { strategy: 'None' },
      versions: [
        version('v1', {}),
        version('v1beta2', {}),
        version('v1beta1', { deprecated: true, deprecationWarning: 'v1beta1 goes with the next release' }),
      ],
    },
  },
  sent: {
    apiVersion: 'queues.example.test/v1',
    kind: 'Kafka',
    metadata: { name: 'first', finalizers: ['queues.example.test/topics'] },
    spec: {
      ...read,
      kafka: { ...read.kafka, listeners: [{ name: 'plain', port: 9092, type: 'internal', speed: 'high' }] },
      zookeeper: { replicas: 3 },
    },
  },
  unknown: ['spec.kafka.listeners[0].speed', 'spec.zookeeper'],
  read: { v1: read, v1beta2: read, v1beta1: read },
  refused: [
    [
      broker({ listeners: [{ name: 'Plain', port: 9092, type: 'internal' }] }),
      "spec.kafka.listeners[0].name in body should match '^[a-z0-9]{1,11}$'",
    ],
    [
      broker({ listeners: [{ name: 'a', port: 80, type: 'internal' }] }),
      'spec.kafka.listeners[0].port in body should be greater than or equal to 9092',
    ],
    [broker({ resources: { limits: { memory: 'much' } } }), 'spec.kafka.resources.limits.memory in body should match'],
    [broker({ storage: { type: 'tape' } }), 'spec.kafka.storage.type: Unsupported value: "tape"'],
    [
      { spec: { cruiseControl: { goalTolerance: 0 } } },
      'spec.cruiseControl.goalTolerance in body should be greater than 0',
    ],
    [{ spec: { kafka: null } }, 'spec.kafka: Required value'],
  ],
  change: {
    patch: broker({
      config: { nested: null, 'auto.create.topics.enable': false },
      listeners: [{ name: 'tls', port: 9093, type: 'route', tls: true }],
    }),
    spec: {
      kafka: {
        ...read.kafka,
        config: {
          'offsets.topic.replication.factor': 3,
          'log.message.format.version': '3.9',
          'auto.create.topics.enable': false,
        },
        listeners: [{ name: 'tls', port: 9093, type: 'route', tls: true }],
      },
    },
  },
  applied: {
    first: {
      kafka: {
        storage: { type: 'ephemeral' },
        listeners: [{ name: 'a', port: 9092, type: 'internal' }],
        config: { x: 1 },
      },
    },
    second: { kafka: { config: { y: { z: [2] } }, resources: { limits: { cpu: '500m' } } } },
    both: {
      kafka: {
        storage: { type: 'ephemeral' },
        listeners: [{ name: 'a', port: 9092, type: 'internal', tls: false }],
        config: { x: 1, y: { z: [2] } },
        resources: { limits: { cpu: '500m' } },
      },
    },
    conflict: { kafka: { config: { y: { z: [2] }, x: 'one' } } },
    told: '.spec.kafka.config.x',
  },
  status: {
    sent: {
      replicas: 3,
      selector: 'cluster=first',
      kafkaNodePools: { pool: { nodes: [0, 1], roles: ['broker'], rack: 'a' } },
    },
    kept: { replicas: 3, selector: 'cluster=first', kafkaNodePools: { pool: { nodes: [0, 1], roles: ['broker'] } } },
    isApart: true,
  },
  scale: { selector: 'cluster=first', replicas: 3 },
  columns: ['Name', 'Desired', 'Warnings', 'Ready'],
  cells: ['first', 7, null, null],
};
