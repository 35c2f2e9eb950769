/** What the server of pears says of itself. */
export const GROUP = 'orchard.example.org';
export const VERSION = `${GROUP}/v1`;
export const ROOT = `/apis/${VERSION}`;

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export const resourceList = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: VERSION,
  resources: [{ name: 'pears', singularName: 'pear', namespaced: true, kind: 'Pear', verbs, shortNames: ['pr'] }],
};

export const aggregated = {
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: [
    {
      metadata: { name: GROUP },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'pears',
              responseKind: { group: GROUP, version: 'v1', kind: 'Pear' },
              scope: 'Namespaced',
              singularResource: 'pear',
              shortNames: ['pr'],
              verbs,
            },
          ],
        },
      ],
    },
  ],
};

/** Claims what is not its own: a group that has no APIService, and the pods of the core group. */
export const liar = {
  ...aggregated,
  items: [
    { metadata: { name: '' }, versions: [{ version: 'v1', freshness: 'Current', resources: [] }] },
    ...aggregated.items,
    {
      metadata: { name: 'stolen.example.org' },
      versions: [{ ...aggregated.items[0]!.versions[0]!, version: 'v7' }],
    },
  ],
};

const gvk = [{ group: GROUP, version: 'v1', kind: 'Pear' }];
const text = (description: string) => ({ type: 'string', description });
const schema = {
  type: 'object',
  description: 'Pear grows on a tree.',
  properties: {
    apiVersion: text('APIVersion says which version this is.'),
    kind: text('Kind says what this is.'),
    metadata: { type: 'object', description: 'Metadata is that of every object.' },
    spec: {
      type: 'object',
      description: 'What it is like.',
      properties: { sweetness: { type: 'integer', format: 'int64', description: 'How sweet it tastes.' } },
    },
  },
  'x-kubernetes-group-version-kind': gvk,
};
const path = `${ROOT}/namespaces/{namespace}/pears`;
const operation = {
  'x-kubernetes-action': 'post',
  'x-kubernetes-group-version-kind': gvk[0],
  operationId: 'createPear',
  responses: { 200: { description: 'OK' } },
};
const info = { title: 'Orchard', version: 'v1' };
const NAME = 'org.example.orchard.v1.Pear';

export const openApi2 = {
  swagger: '2.0',
  info,
  paths: { [path]: { post: operation } },
  definitions: { [NAME]: schema },
};
export const openApi3 = {
  openapi: '3.0.0',
  info,
  paths: { [path]: { post: operation } },
  components: { schemas: { [NAME]: schema } },
};
export const openApi3Index = { paths: { [`apis/${VERSION}`]: { serverRelativeURL: `/openapi/v3${ROOT}?hash=PEARS` } } };
