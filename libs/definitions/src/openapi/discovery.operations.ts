import type { StructSchema } from '@kubernest/meta';
import { groupTitle, operationId, rootPath, tagOf } from './names.ts';
import { type Operation, objectMedia, type Payload } from './operation.ts';

interface Told {
  readonly path: string;
  readonly description: string;
  readonly id: string;
  readonly tag: string;
  readonly answer: Payload;
  readonly media?: readonly string[];
}

const document = ({ media = objectMedia, ...told }: Told): Operation => ({
  ...told,
  method: 'get',
  parameters: [],
  media,
});

const text = { schema: { type: 'string' } } as const;
const required = { ...text, required: true } as const;
const versionInfo: StructSchema = {
  type: 'struct',
  name: 'io.k8s.apimachinery.pkg.version.Info',
  fields: {
    major: required,
    minor: required,
    gitVersion: required,
    gitCommit: required,
    gitTreeState: required,
    buildDate: required,
    goVersion: required,
    compiler: required,
    platform: required,
    emulationMajor: text,
    emulationMinor: text,
    minCompatibilityMajor: text,
    minCompatibilityMinor: text,
  },
};

const fixed: readonly Operation[] = [
  document({
    path: '/api/',
    description: 'get available API versions',
    id: 'getCoreAPIVersions',
    tag: 'core',
    answer: { meta: 'APIVersions' },
  }),
  document({
    path: '/apis/',
    description: 'get available API versions',
    id: 'getAPIVersions',
    tag: 'apis',
    answer: { meta: 'APIGroupList' },
  }),
  document({
    path: '/version/',
    description: 'get the version of this server',
    id: 'getCodeVersion',
    tag: 'version',
    answer: { struct: versionInfo },
    media: ['application/json'],
  }),
  document({
    path: '/.well-known/openid-configuration/',
    description: 'get who issues the tokens of service accounts',
    id: 'getServiceAccountIssuerOpenIDConfiguration',
    tag: 'WellKnown',
    answer: 'text',
    media: ['application/json'],
  }),
  document({
    path: '/openid/v1/jwks/',
    description: 'get the keys that tokens of service accounts are verified with',
    id: 'getServiceAccountIssuerOpenIDKeyset',
    tag: 'openid',
    answer: 'text',
    media: ['application/jwk-set+json'],
  }),
];
const always = new Set(['/api/', '/apis/', '/version/']);

/** What tells of no one kind; `documents` are the paths that this server answers beside what each serves. */
export const fixedOperations = (documents: readonly string[]): readonly Operation[] =>
  fixed.filter(({ path }) => always.has(path) || documents.includes(path.slice(0, -1)));

/** `/apis/apps/` */
export function groupOperation(group: string): Operation {
  const name = groupTitle(group);
  return document({
    path: `/apis/${group}/`,
    description: 'get information of a group',
    id: `get${name}APIGroup`,
    tag: name.charAt(0).toLowerCase() + name.slice(1),
    answer: { meta: 'APIGroup' },
  });
}

/** `/apis/apps/v1/` */
export function resourcesOperation(gv: { readonly group: string; readonly version: string }): Operation {
  return document({
    path: `${rootPath(gv)}/`,
    description: 'get available resources',
    id: operationId('get', { ...gv, kind: '' }, 'APIResources'),
    tag: tagOf(gv),
    answer: { meta: 'APIResourceList' },
  });
}
