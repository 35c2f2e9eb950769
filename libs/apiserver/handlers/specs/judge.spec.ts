import { ThreadTasks } from '@kubernest/apiserver/codec';
import { buildBodyProgram, lampSource, lamps, lampsOf } from '@kubernest/apiserver/codec/testing';
import { Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { type WidePath, widened, widePaths } from '@kubernest/definitions/testing';
import { builtinKinds } from '@kubernest/kinds';
import { type Json, spend } from '@kubernest/meta';
import { type Answer, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const large = 'x'.repeat(140 * 1024);

describe('what is large is judged by the thread, what is small is not', () => {
  const maps = '/api/v1/namespaces/a/configmaps';
  const bodyWorker = {
    program: new URL('../../codec/fixtures/scripted-program.ts', import.meta.url),
    knows: builtinKinds,
  };
  const map = (name: string, data: string) => ({
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name },
    data: { data },
  });
  const refused = { status: 422, object: { message: 'judged by the thread' } };

  it('when it is created and when it is changed', async () => {
    await using api = await testServer({ bodyWorker });
    expect(await api.call(`POST ${maps}`, map('large', large))).toMatchObject(refused);
    expect(await api.call(`POST ${maps}`, map('a', 'small'))).toMatchObject({ status: 201 });
    expect(await api.call(`PUT ${maps}/a`, map('a', 'other'))).toMatchObject({ status: 200 });
    expect(await api.call(`PUT ${maps}/a`, map('a', large))).toMatchObject(refused);
  });

  it('when what is stored is large, however small the change', async () => {
    await using before = await testServer();
    const { store } = before;
    expect(await before.call(`POST ${maps}`, map('large', large))).toMatchObject({ status: 201 });
    await using api = await testServer({ bodyWorker, store });
    expect(await api.call(`PUT ${maps}/large`, map('large', 'small'))).toMatchObject(refused);
  });

  it('when its schema is dear, however small it is', async () => {
    const [lamp] = lampsOf(lampSource);
    const served = (dearness: number) =>
      new Catalog([...builtinKinds, { ...lamp!, schema: { ...lamp!.schema, dearness } }]);
    const body = { apiVersion: 'example.test/v1', kind: 'Lamp', metadata: { name: 'a' }, spec: { colour: 'red' } };
    await using mild = await testServer({ bodyWorker, catalog: served(1) });
    expect(await mild.call(`POST ${lamps}`, body)).toMatchObject({ status: 201 });
    await using dear = await testServer({ bodyWorker, catalog: served(100_000) });
    expect(await dear.call(`POST ${lamps}`, body)).toMatchObject(refused);
  });

  it('when looking at it turns out to be dear, and here where there is no thread', async () => {
    const validate = () => {
      spend(10_000_000);
      return [];
    };
    const catalog = () => new Catalog([...builtinKinds, { ...lampsOf(lampSource)[0]!, validate }]);
    const body = { apiVersion: 'example.test/v1', kind: 'Lamp', metadata: { name: 'a' }, spec: { colour: 'red' } };
    await using there = await testServer({ bodyWorker, catalog: catalog() });
    expect(await there.call(`POST ${lamps}`, body)).toMatchObject(refused);
    await using here = await testServer({ catalog: catalog() });
    expect(await here.call(`POST ${lamps}`, body)).toMatchObject({ status: 201 });
  });

  it('but a kind that only the API server knows is not, whatever its name', () => {
    const tasks = new ThreadTasks(bodyWorker);
    const [known] = builtinKinds;
    expect(tasks.judges(known!)).toBe(true);
    expect(tasks.judges({ ...known! })).toBe(false);
  });
});

describe('what the thread says of a wide object is what is said here', () => {
  const owned = new AsyncDisposableStack();
  let there: TestServer;
  let here: TestServer;
  beforeAll(async () => {
    const program = owned.use(await buildBodyProgram());
    there = owned.use(await testServer({ bodyWorker: { program: program.entry, knows: builtinKinds } }));
    here = owned.use(await testServer());
  });
  afterAll(() => owned.disposeAsync());

  it.each(builtinKinds.filter(({ virtual }) => !virtual))('$group $kind', async (definition) => {
    for (const path of someOf(definition, widePaths(definition))) {
      for (const [line, body] of writesOf(definition, path)) {
        const [judged, inline] = [await there.call(line, body), await here.call(line, body)];
        expect(told(judged), `${line}: ${path.join('.')}`).toEqual(told(inline));
      }
    }
  });
});

const MOST_PATHS = 3;

/** Evenly from all that are the kind's own; what is every kind's is looked at with those that have no other, and one. */
function someOf({ kind }: ResourceDefinition, paths: readonly WidePath[]): readonly WidePath[] {
  const own = paths.filter(([first]) => first !== 'metadata');
  const from = own.length === 0 || kind === 'ConfigMap' ? paths : own;
  const most = Math.min(from.length, kind === 'ConfigMap' ? Number.POSITIVE_INFINITY : MOST_PATHS);
  return Array.from({ length: most }, (_, i) => from[Math.round((i * (from.length - 1)) / Math.max(1, most - 1))]!);
}

/** Created as wide as is large, else as the example; changed to be wide, and made small again. */
function* writesOf(definition: ResourceDefinition, path: WidePath): Generator<readonly [line: string, body?: Json]> {
  const { group, version, namespaced, plural, example } = definition;
  const small = example as unknown as Json;
  const name = example.metadata.name;
  const place = namespaced ? `/namespaces/${example.metadata.namespace}` : '';
  const all = `${group === '' ? '/api' : `/apis/${group}`}/${version}${place}/${plural}`;
  const few = JSON.stringify(widened(definition, small, path, 1000)).length;
  const wide = (more: number) => widened(definition, small, path, Math.ceil((1000 * large.length) / few) + more);
  const below = path[0] === 'status' && definition.statusSubresource ? '/status' : '';
  yield [`POST ${all}`, wide(0)];
  yield [`POST ${all}`, small];
  yield [`PUT ${all}/${name}${below}`, wide(0)];
  yield [`PUT ${all}/${name}${below}`, wide(1)];
  yield [`DELETE ${all}/${name}?gracePeriodSeconds=0`];
}

/** All that a client is told, but what differs from one creation to the next. */
const told = ({ status, headers, text }: Answer) => ({
  status,
  warning: headers.warning,
  text: text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uid'),
});
