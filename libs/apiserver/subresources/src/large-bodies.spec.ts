import { accessReviews } from '@kubernest/apiserver/access';
import { kindsProtobuf } from '@kubernest/apiserver/codec';
import { buildBodyProgram } from '@kubernest/apiserver/codec/testing';
import { bodyTypes, builtinKinds, findBodyType } from '@kubernest/kinds';
import { apiVersionOf, type KubeObject } from '@kubernest/meta';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Backends, dialerTo } from './backends.fixture.ts';
import { builtinSubresources } from './builtin-subresources.ts';

const tokens = {
  audiences: ['api'],
  issue: async () => ({ token: 'made', expiresAt: new Date() }),
  review: () => ({ verdict: 'invalid', reason: 'made up' }),
};
const served = builtinSubresources({ dialer: dialerTo({} as Backends, {} as never, false), tokens });
/** Whose bodies are passed on, and read by nobody here. */
const connects = new Set(served.filter((each) => each.connects).map(({ name }) => name));
/** More than what is read at once. */
const LARGE = 140 * 1024;
const blanks = ' '.repeat(LARGE);

const owned = new AsyncDisposableStack();
let api: TestServer;
beforeAll(async () => {
  const program = owned.use(await buildBodyProgram());
  const bodyWorker = { program: program.entry, knows: [...builtinKinds, ...bodyTypes] };
  const subresources = () => served;
  api = owned.use(
    await testServer({ bodyWorker, subresources, virtual: (core) => accessReviews(core, tokens as never) }),
  );
});
afterAll(() => owned.disposeAsync());

type Type = (typeof builtinKinds)[number] | (typeof bodyTypes)[number];

/** What discovery names. */
interface Listed {
  readonly name: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

interface Body {
  readonly type: Type;
  readonly object: KubeObject;
}

/** The same in each media type, and large. */
const forms: Readonly<Record<string, (body: Body) => string | Uint8Array>> = {
  'application/json': ({ object }) => `${JSON.stringify(object)}${blanks}`,
  'application/yaml': ({ object }) => `${JSON.stringify(object)}\n#${blanks}`,
  'application/vnd.kubernetes.protobuf': ({ object, type }) => {
    const filler = 'x'.repeat(LARGE);
    const { metadata } = object;
    const filled = metadata ? { metadata: { ...metadata, annotations: { filler } } } : { dryRun: [filler] };
    return kindsProtobuf.encode({ ...object, ...filled }, type);
  },
};
const patches: typeof forms = {
  'application/json-patch+json': () => `[{"op":"add","path":"/metadata/labels","value":{}}]${blanks}`,
  'application/merge-patch+json': () => `{"metadata":{"labels":{"a":"b"}}}${blanks}`,
  'application/strategic-merge-patch+json': () => `{"metadata":{"labels":{"a":"c"}}}${blanks}`,
  'application/apply-patch+yaml': ({ object }) => `${JSON.stringify(object)}${blanks}`,
};
const methods = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE' };

const options: Body = {
  type: findBodyType('', 'v1', 'DeleteOptions')!,
  object: { apiVersion: 'v1', kind: 'DeleteOptions' } as unknown as KubeObject,
};

function bodyOf({ name, kind, group, version }: Listed, definition: (typeof builtinKinds)[number]): Body {
  const own = name.includes('/') && findBodyType(group ?? definition.group, version ?? definition.version, kind);
  const type = own || definition;
  const identity = { apiVersion: apiVersionOf(type), kind: type.kind };
  const example = definition.example as KubeObject;
  const { name: of } = example.metadata;
  const target = own && own.kind === 'Binding' && { target: { name: 'n' } };
  if (own) return { type, object: { ...identity, metadata: { name: of }, ...target } as KubeObject };
  return { type, object: { ...example, ...identity, metadata: { name: of } } as KubeObject };
}

/** What each request with a large body is answered. */
async function askAll(document: string, listed: Listed): Promise<[line: string, status: number][]> {
  const [plural, subresource] = listed.name.split('/');
  if (subresource && connects.has(subresource)) return [];
  const definition = builtinKinds.find((kind) => pathOf(kind) === document && kind.plural === plural)!;
  const body = bodyOf(listed, definition);
  const all = `${document}/${listed.namespaced ? 'namespaces/default/' : ''}${plural}`;
  const object = { ...(definition.example as KubeObject), metadata: { name: body.object.metadata.name } };
  const one = `${all}/${body.object.metadata.name}`;
  const answers: [string, number][] = [];
  for (const [verb, method] of Object.entries(methods).filter(([each]) => listed.verbs.includes(each))) {
    const sent = verb.startsWith('delete') ? options : body;
    const path = subresource ? `${one}/${subresource}` : ['create', 'deletecollection'].includes(verb) ? all : one;
    for (const [form, write] of Object.entries(verb === 'patch' ? patches : forms)) {
      if (verb === 'create' && !subresource) await api.call(`DELETE ${one}?gracePeriodSeconds=0`);
      else await api.call(`POST ${all}`, object);
      const query = form.includes('apply') ? '?fieldManager=m&force=true' : '';
      const { status } = await api.call(`${method} ${path}${query}`, write(sent), { 'content-type': form });
      answers.push([`${method} ${path} ${form}`, status]);
    }
  }
  return answers;
}

const pathOf = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  group ? `/apis/${group}/${version}` : `/api/${version}`;

it.each([...new Set(builtinKinds.map(pathOf))])(
  'large bodies are read for everything that %s serves, in every verb and form',
  async (document) => {
    const { resources } = (await api.call(`GET ${document}`)).object as { readonly resources: readonly Listed[] };
    const answers: [string, number][] = [];
    for (const each of resources) answers.push(...(await askAll(document, each)));
    expect(answers.filter(([, status]) => status >= 500)).toEqual([]);
    // What an object's rules forbid is among them.
    expect(answers.filter(([, status]) => status < 300).length).toBeGreaterThan(answers.length / 2);
  },
);
