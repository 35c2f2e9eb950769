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

/** A value of any type at all. */
const free = { 'x-kubernetes-preserve-unknown-fields': true };
const kinds = fields({
  kinds: list(text),
  names: list(text),
  namespaces: list(text),
  operations: { ...list(oneOf('CREATE', 'CONNECT', 'UPDATE', 'DELETE')), maxItems: 4 },
  annotations: mapOf(text),
});
const matches = {
  ...fields({ any: list(fields({ resources: kinds })), all: list(fields({ resources: kinds })) }),
  not: { required: ['any', 'all'] },
};
const rule = fields(
  {
    name: { ...text, maxLength: 63 },
    match: matches,
    exclude: matches,
    context: list(fields({ name: text, variable: fields({ value: free, jmesPath: text, default: free }) }, 'name')),
    preconditions: free,
    mutate: fields({ patchStrategicMerge: free, patchesJson6902: text }),
    validate: fields({
      message: text,
      pattern: free,
      anyPattern: free,
      deny: fields({ conditions: free }),
      foreach: list(fields({ list: text, elementScope: { ...truth, nullable: true } })),
    }),
    skipBackgroundRequests: { ...truth, default: true },
  },
  'name',
  'match',
);
const spec = fields(
  {
    background: { ...truth, default: true },
    failurePolicy: oneOf('Ignore', 'Fail'),
    validationFailureAction: { ...oneOf('audit', 'enforce', 'Audit', 'Enforce'), default: 'Audit' },
    webhookTimeoutSeconds: { ...whole, format: 'int32', minimum: 1, maximum: 30 },
    rules: list(rule),
  },
  'rules',
);
const status = fields(
  { conditions, rulecount: fields({ validate: whole, mutate: whole }, 'validate', 'mutate'), autogen: anything },
  'rulecount',
);

/** Policies: of the cluster as a whole, with patterns of any form in the middle of fields that are described. */
export const policies: Project = {
  definition: {
    metadata: { name: 'clusterpolicies.policies.example.test' },
    spec: {
      group: 'policies.example.test',
      scope: 'Cluster',
      names: {
        plural: 'clusterpolicies',
        singular: 'clusterpolicy',
        kind: 'ClusterPolicy',
        listKind: 'ClusterPolicyList',
        shortNames: ['cpol'],
        categories: ['policies'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: rooted(spec, status, 'spec'),
          subresources: { status: {} },
          selectableFields: [{ jsonPath: '.spec.background' }],
          additionalPrinterColumns: [
            { name: 'Background', type: 'boolean', jsonPath: '.spec.background' },
            { name: 'Rules', type: 'integer', jsonPath: '.status.rulecount.validate' },
            ready,
          ],
        },
        { name: 'v2beta1', served: false, storage: false, deprecated: true, schema: rooted(spec, anything, 'spec') },
      ],
    },
  },
  sent: {
    apiVersion: 'policies.example.test/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'first' },
    spec: {
      background: false,
      rules: [
        {
          name: 'labels',
          match: { any: [{ resources: { kinds: ['Pod'], colours: ['red'] } }] },
          validate: {
            message: 'who owns it?',
            pattern: { metadata: { labels: { '=(owner)': '?*' } }, list: [1, { a: null }] },
            foreach: [{ elementScope: null }],
          },
        },
      ],
    },
  },
  unknown: ['spec.rules[0].match.any[0].resources.colours'],
  read: {
    v1: {
      background: false,
      validationFailureAction: 'Audit',
      rules: [
        {
          name: 'labels',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          validate: {
            message: 'who owns it?',
            pattern: { metadata: { labels: { '=(owner)': '?*' } }, list: [1, { a: null }] },
            foreach: [{ elementScope: null }],
          },
          skipBackgroundRequests: true,
        },
      ],
    },
  },
  refused: [
    [{ spec: { rules: [{ name: 'a' }] } }, 'spec.rules[0].match: Required value'],
    [
      { spec: { rules: [{ name: 'a', match: { any: [], all: [] } }] } },
      '"spec.rules[0].match" must not validate the schema (not)',
    ],
    [{ spec: { webhookTimeoutSeconds: 0 } }, 'spec.webhookTimeoutSeconds in body should be greater than or equal to 1'],
    [{ spec: { validationFailureAction: 'warn' } }, 'supported values: "audit", "enforce", "Audit", "Enforce"'],
    [
      { spec: { rules: [{ name: 'a', match: { any: [{ resources: { operations: ['PATCH'] } }] } }] } },
      'spec.rules[0].match.any[0].resources.operations[0]: Unsupported value: "PATCH"',
    ],
  ],
  change: {
    patch: { spec: { rules: [{ name: 'b', match: {}, preconditions: [{ key: '{{ x }}' }, 'or', 7] }] } },
    spec: {
      rules: [{ name: 'b', match: {}, preconditions: [{ key: '{{ x }}' }, 'or', 7], skipBackgroundRequests: true }],
    },
  },
  applied: {
    first: { rules: [], failurePolicy: 'Fail' },
    second: { rules: [], background: true, webhookTimeoutSeconds: 10 },
    both: {
      rules: [],
      failurePolicy: 'Fail',
      background: true,
      webhookTimeoutSeconds: 10,
      validationFailureAction: 'Audit',
    },
    conflict: { rules: [], background: true, webhookTimeoutSeconds: 10, failurePolicy: 'Ignore' },
    told: '.spec.failurePolicy',
  },
  status: {
    sent: {
      rulecount: { validate: 1, mutate: 0, verify: 2 },
      autogen: { rules: [{ deep: true }] },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    kept: {
      rulecount: { validate: 1, mutate: 0 },
      autogen: { rules: [{ deep: true }] },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    isApart: true,
  },
  columns: ['Name', 'Background', 'Rules', 'Ready'],
  cells: ['first', false, 1, 'True'],
  selector: 'spec.background=false',
};
