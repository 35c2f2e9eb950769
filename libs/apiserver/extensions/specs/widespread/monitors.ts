import { expect } from 'vitest';
import {
  conditions,
  fields,
  intOrText,
  list,
  mapOf,
  oneOf,
  type Project,
  rooted,
  text,
  truth,
  whole,
} from './project.ts';

const span = {
  ...text,
  pattern: '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$',
};
const secretKey = {
  ...fields({ key: text, name: { ...text, default: '' }, optional: truth }, 'key'),
  'x-kubernetes-map-type': 'atomic',
};
const relabelling = fields({
  action: { ...oneOf('replace', 'Replace', 'keep', 'Keep', 'drop', 'Drop', 'hashmod', 'HashMod'), default: 'replace' },
  sourceLabels: list({ ...text, pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }),
  modulus: { ...whole, format: 'int64' },
  regex: text,
  targetLabel: text,
});
const endpoint = fields({
  port: text,
  targetPort: intOrText,
  path: text,
  scheme: oneOf('http', 'https', 'HTTP', 'HTTPS'),
  interval: span,
  scrapeTimeout: span,
  honorLabels: truth,
  params: mapOf(list(text)),
  bearerTokenSecret: secretKey,
  relabelings: { ...list(relabelling), minItems: 1 },
});
const expression = fields(
  { key: text, operator: text, values: { ...list(text), 'x-kubernetes-list-type': 'atomic' } },
  'key',
  'operator',
);
const spec = fields(
  {
    endpoints: list(endpoint),
    selector: {
      ...fields({
        matchExpressions: { ...list(expression), 'x-kubernetes-list-type': 'atomic' },
        matchLabels: mapOf(text),
      }),
      'x-kubernetes-map-type': 'atomic',
    },
    namespaceSelector: fields({ any: truth, matchNames: list(text) }),
    jobLabel: text,
    targetLabels: list(text),
    sampleLimit: { ...whole, format: 'int64' },
    attachMetadata: fields({ node: truth }),
    scrapeProtocols: {
      ...list(oneOf('PrometheusProto', 'OpenMetricsText1.0.0', 'PrometheusText0.0.4')),
      minItems: 1,
      'x-kubernetes-list-type': 'set',
    },
  },
  'endpoints',
  'selector',
);
const status = fields({
  bindings: list(
    fields({ resource: oneOf('prometheuses', 'prometheusagents'), name: text, conditions }, 'resource', 'name'),
  ),
});

/** What is to be scraped: ports by number or name, maps of lists, atomic selectors, patterns of time spans. */
export const monitors: Project = {
  definition: {
    metadata: { name: 'servicemonitors.scrapes.example.test' },
    spec: {
      group: 'scrapes.example.test',
      scope: 'Namespaced',
      names: {
        plural: 'servicemonitors',
        singular: 'servicemonitor',
        kind: 'ServiceMonitor',
        listKind: 'ServiceMonitorList',
        shortNames: ['smon'],
        categories: ['scrapes'],
      },
      versions: [
        { name: 'v1', served: true, storage: true, schema: rooted(spec, status, 'spec'), subresources: { status: {} } },
      ],
    },
  },
  sent: {
    apiVersion: 'scrapes.example.test/v1',
    kind: 'ServiceMonitor',
    metadata: { name: 'first', labels: { team: 'web' } },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      endpoints: [
        {
          targetPort: 9100,
          interval: '1m30s',
          params: { 'match[]': ['up', 'down'] },
          bearerTokenSecret: { key: 'token' },
        },
        { targetPort: 'metrics', relabelings: [{ sourceLabels: ['__name__'] }], retries: 3 },
      ],
    },
  },
  unknown: ['spec.endpoints[1].retries'],
  read: {
    v1: {
      selector: { matchLabels: { app: 'web' } },
      endpoints: [
        {
          targetPort: 9100,
          interval: '1m30s',
          params: { 'match[]': ['up', 'down'] },
          bearerTokenSecret: { key: 'token', name: '' },
        },
        { targetPort: 'metrics', relabelings: [{ sourceLabels: ['__name__'], action: 'replace' }] },
      ],
    },
  },
  refused: [
    [{ spec: { endpoints: [{ interval: '90 seconds' }] } }, 'spec.endpoints[0].interval in body should match'],
    [
      { spec: { endpoints: [{ targetPort: 1.5 }] } },
      'spec.endpoints[0].targetPort in body must be of type integer,string: "number"',
    ],
    [
      { spec: { endpoints: [{ relabelings: [] }] } },
      'spec.endpoints[0].relabelings in body should have at least 1 items',
    ],
    [
      { spec: { endpoints: [{ params: { a: 'b' } }] } },
      'spec.endpoints[0].params.a in body must be of type array: "string"',
    ],
    [{ spec: { selector: null } }, 'spec.selector: Required value'],
  ],
  change: {
    patch: { spec: { sampleLimit: 9_007_199_254_740_991, scrapeProtocols: ['PrometheusText0.0.4'] } },
    spec: { sampleLimit: 9_007_199_254_740_991, scrapeProtocols: ['PrometheusText0.0.4'] },
  },
  applied: {
    first: { selector: { matchLabels: { app: 'a' } }, endpoints: [], scrapeProtocols: ['PrometheusProto'] },
    second: {
      selector: { matchLabels: { app: 'a' } },
      scrapeProtocols: ['PrometheusText0.0.4'],
      attachMetadata: { node: true },
    },
    both: {
      selector: { matchLabels: { app: 'a' } },
      endpoints: [],
      scrapeProtocols: ['PrometheusProto', 'PrometheusText0.0.4'],
      attachMetadata: { node: true },
    },
    // An atomic map is one value, however little of it is another.
    conflict: { selector: { matchLabels: { app: 'a', tier: 'b' } } },
    told: '.spec.selector',
  },
  status: {
    sent: {
      bindings: [{ resource: 'prometheuses', name: 'main', conditions: [{ type: 'Accepted', status: 'True' }] }],
    },
    kept: {
      bindings: [{ resource: 'prometheuses', name: 'main', conditions: [{ type: 'Accepted', status: 'True' }] }],
    },
    isApart: true,
  },
  columns: ['Name', 'Age'],
  cells: ['first', expect.any(String)],
};
