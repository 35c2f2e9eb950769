import { expect } from 'vitest';
import {
  age,
  conditions,
  fields,
  intOrText,
  list,
  listBy,
  oneOf,
  type Project,
  rooted,
  text,
  whole,
} from './project.ts';

const hostname = {
  ...text,
  minLength: 1,
  maxLength: 253,
  pattern: String.raw`^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`,
};
const reference = {
  group: { ...text, default: 'routes.example.test', maxLength: 253, pattern: '^$|^[a-z0-9.-]+$' },
  kind: { ...text, default: 'Gateway' },
  name: { ...text, minLength: 1 },
};
const port = { ...whole, format: 'int32', minimum: 1, maximum: 65535 };
const header = fields(
  {
    name: text,
    value: { ...text, maxLength: 4096 },
    type: { ...oneOf('Exact', 'RegularExpression'), default: 'Exact' },
  },
  'name',
  'value',
);
const match = fields({
  path: {
    ...fields({
      type: { ...oneOf('Exact', 'PathPrefix', 'RegularExpression'), default: 'PathPrefix' },
      value: { ...text, default: '/', maxLength: 1024 },
    }),
    default: { type: 'PathPrefix', value: '/' },
    'x-kubernetes-validations': [
      { rule: "self.type != 'Exact' || self.value.startsWith('/')", message: 'an exact path begins with /' },
    ],
  },
  headers: { ...listBy(['name'], header), maxItems: 16 },
  method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'),
});
const backend = fields(
  { name: text, port, weight: { ...whole, format: 'int32', default: 1, minimum: 0, maximum: 1_000_000 } },
  'name',
);
const rule = fields({
  name: hostname,
  matches: { ...list(match), maxItems: 64, default: [{ path: { type: 'PathPrefix', value: '/' } }] },
  backendRefs: { ...list(backend), 'x-kubernetes-list-type': 'atomic', maxItems: 16 },
  timeouts: fields({ request: { ...text, pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' } }),
});
const spec = {
  ...fields({
    parentRefs: { ...list(fields({ ...reference, port, sectionName: hostname }, 'name')), maxItems: 32 },
    hostnames: { ...list(hostname), maxItems: 16 },
    rules: { ...list(rule), maxItems: 16, default: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] },
    retries: intOrText,
  }),
  'x-kubernetes-validations': [{ rule: 'self.rules.size() > 0' }],
};
const status = fields(
  {
    parents: {
      ...list(
        fields(
          { parentRef: fields(reference, 'name'), controllerName: text, conditions },
          'parentRef',
          'controllerName',
        ),
      ),
      maxItems: 32,
    },
  },
  'parents',
);
const version = (name: string, more: object): object => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: rooted(spec, status, 'spec'),
  subresources: { status: {} },
  additionalPrinterColumns: [{ name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' }, age],
  ...more,
});
const whatIsRead = {
  parentRefs: [{ group: 'routes.example.test', kind: 'Gateway', name: 'front' }],
  hostnames: ['shop.example.test'],
  rules: [
    {
      matches: [
        { path: { type: 'PathPrefix', value: '/' }, headers: [{ name: 'x-trial', value: 'yes', type: 'Exact' }] },
      ],
      backendRefs: [{ name: 'shop', port: 80, weight: 1 }],
    },
  ],
};

/** Routes of a gateway: defaults within defaults, rules in CEL, an older version that differs in nothing and is deprecated. */
export const routes: Project = {
  definition: {
    metadata: { name: 'httproutes.routes.example.test' },
    spec: {
      group: 'routes.example.test',
      scope: 'Namespaced',
      names: {
        plural: 'httproutes',
        singular: 'httproute',
        kind: 'HTTPRoute',
        listKind: 'HTTPRouteList',
        categories: ['gateways'],
      },
      versions: [
        version('v1', {}),
        version('v1beta1', { deprecated: true, deprecationWarning: 'v1beta1 of HTTPRoute is on its way out; use v1' }),
      ],
    },
  },
  sent: {
    apiVersion: 'routes.example.test/v1beta1',
    kind: 'HTTPRoute',
    metadata: { name: 'first' },
    spec: {
      parentRefs: [{ name: 'front', nickname: 'f' }],
      hostnames: ['shop.example.test'],
      rules: [
        { matches: [{ headers: [{ name: 'x-trial', value: 'yes' }] }], backendRefs: [{ name: 'shop', port: 80 }] },
      ],
    },
  },
  unknown: ['spec.parentRefs[0].nickname'],
  read: { v1: whatIsRead, v1beta1: whatIsRead },
  refused: [
    [{ spec: { hostnames: ['Shop!'] } }, "spec.hostnames[0] in body should match '^(\\*\\.)?"],
    [
      { spec: { rules: [{ backendRefs: [{ name: 'a', port: 70_000 }] }] } },
      'spec.rules[0].backendRefs[0].port in body should be less than or equal to 65535',
    ],
    [{ spec: { rules: [{ timeouts: { request: 'soon' } }] } }, 'spec.rules[0].timeouts.request in body should match'],
    [
      {
        spec: {
          rules: [
            {
              matches: [
                {
                  headers: [
                    { name: 'a', value: '1' },
                    { name: 'a', value: '2' },
                  ],
                },
              ],
            },
          ],
        },
      },
      'spec.rules[0].matches[0].headers[1]: Duplicate value: {"name":"a"}',
    ],
    [
      { spec: { hostnames: Array.from({ length: 17 }, (_, i) => `h${i}`) } },
      'spec.hostnames: Too many: 17: must have at most 16 items',
    ],
    [{ spec: { retries: true } }, 'spec.retries in body must be of type integer,string: "boolean"'],
  ],
  change: {
    patch: { spec: { rules: [{}] } },
    spec: { rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] },
  },
  applied: {
    first: { hostnames: ['a.example.test'] },
    second: { retries: '10%' },
    both: {
      hostnames: ['a.example.test'],
      retries: '10%',
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }],
    },
    conflict: { retries: '10%', hostnames: ['b.example.test'] },
    told: '.spec.hostnames',
  },
  status: {
    sent: { parents: [{ parentRef: { name: 'front' }, controllerName: 'example.test/gateway', seen: 1 }] },
    kept: {
      parents: [
        {
          parentRef: { group: 'routes.example.test', kind: 'Gateway', name: 'front' },
          controllerName: 'example.test/gateway',
        },
      ],
    },
    isApart: true,
  },
  columns: ['Name', 'Hostnames', 'Age'],
  cells: ['first', '["shop.example.test"]', expect.any(String)],
};
