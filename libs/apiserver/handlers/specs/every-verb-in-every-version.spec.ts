import { gadget, partial, pathIn, specIn, tables, v1, v2, v3 } from '@kubernest/apiserver/storage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopbackTransport } from '../src/loopback-transport.ts';
import { type GadgetServer, gadgetServer } from './gadget-server.fixture.ts';

let api: GadgetServer;
beforeEach(async () => {
  api = await gadgetServer();
});
afterEach(() => api[Symbol.asyncDispose]());

const merge = { 'content-type': 'application/merge-patch+json' };
describe.each([v2, v3])('in the version %s, which is not the stored one', (version) => {
  const path = pathIn(version);
  const field = version === v2 ? 'centimetres' : 'millimetres';
  const lengthOf = (centimetres: number) => specIn(version, centimetres)[field]!;
  const inVersion = (name: string, centimetres: number) => ({
    kind: 'Gadget',
    apiVersion: version,
    metadata: { name },
    spec: specIn(version, centimetres),
  });

  it('what is created is stored in the other, and answered in this', async () => {
    const { status, object } = await api.create(version, 'a', 3);
    expect([status, object]).toEqual([201, expect.objectContaining({ spec: specIn(version, 3), apiVersion: version })]);
    expect(await api.stored('a')).toMatchObject({ kind: 'Gadget', apiVersion: v1, spec: { size: '3cm' } });
    expect((await api.call(`GET ${path}/a`)).object).toEqual(object);
    const { object: first } = await api.call(`GET ${pathIn(v1)}/a`);
    expect(first).toEqual({ ...object, apiVersion: v1, spec: specIn(v1, 3) });
  });

  it('what its writer was answered is there for others', async () => {
    await api.create(version, 'a', 3);
    expect((await api.call(`GET ${path}`)).object.items).toHaveLength(1);
    expect(api.converter.calls).toEqual([`1 to ${v1}`, `1 to ${version}`]);
  });

  it('goes out in every form', async () => {
    await api.create(v1, 'a', 3);
    const yaml = await api.call(`GET ${path}/a`, undefined, { accept: 'application/yaml' });
    expect(yaml.text).toContain(`${field}: ${lengthOf(3)}`);
    const table = await api.call(`GET ${path}?includeObject=Object`, undefined, tables);
    expect(table.object).toMatchObject({
      columnDefinitions: [{ name: 'Name' }, { name: field }],
      rows: [{ cells: ['a', String(lengthOf(3))], object: inVersion('a', 3) }],
    });
    const { object: list } = await api.call(`GET ${path}`);
    expect(list).toMatchObject({ kind: 'GadgetList', apiVersion: version, items: [{ spec: specIn(version, 3) }] });
    expect(list.items[0]).not.toHaveProperty('apiVersion');
    const objects = loopbackTransport(api.server, { username: 'ann', groups: [] });
    const answer = await objects.call({ method: 'GET', path: `${path}/a`, headers: { 'x-user': 'ann' } }, api.ctx);
    expect(answer.object).toMatchObject(inVersion('a', 3));
  });

  it('metadata alone are never converted', async () => {
    await api.create(v1, 'a', 3, { app: 'web' });
    const watch = await api.watch(`${path}?watch=1&labelSelector=app`, partial());
    await api.create(v1, 'b', 4, { app: 'web' });
    expect((await api.call(`GET ${path}/a`, undefined, partial())).object.metadata.name).toBe('a');
    const list = await api.call(`GET ${path}?labelSelector=app`, undefined, partial('PartialObjectMetadataList'));
    expect(list.object.items).toHaveLength(2);
    expect(await watch.next(2)).toMatchObject([
      { object: { metadata: { name: 'a' } } },
      { object: { metadata: { name: 'b' } } },
    ]);
    expect(api.converter.calls).toEqual([]);
  });

  it('labels and names select before anything is converted, the fields of a version after', async () => {
    for (const [name, size] of [
      ['a', 3],
      ['b', 4],
      ['c', 5],
    ] as const)
      await api.create(v1, name, size, { [name]: 'yes' });
    const names = async (query: string) => {
      api.converter.calls = [];
      const { items } = (await api.call(`GET ${path}?${query}`)).object;
      return [
        items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).join(''),
        ...api.converter.calls,
      ];
    };
    expect(await names('labelSelector=b')).toEqual(['b', `1 to ${version}`]);
    expect(await names('fieldSelector=metadata.name%3Dc')).toEqual(['c', `1 to ${version}`]);
    const query = `fieldSelector=spec.${field}%3D${lengthOf(4)}`;
    expect(await names(query)).toEqual(['b', `1 to ${version}`]);
    expect(await names('')).toEqual(['abc']);
    const others = `${path}?fieldSelector=spec.${field}!%3D${lengthOf(3)}`;
    const first = (await api.call(`GET ${others}&limit=1`)).object;
    const rest = (await api.call(`GET ${others}&limit=1&continue=${first.metadata.continue}`)).object;
    expect([first, rest].map(({ items }) => items[0].spec)).toEqual([4, 5].map((size) => specIn(version, size)));
    expect(rest.metadata.continue).toBeUndefined();
  });

  it('a list of the past is of this version too', async () => {
    const { object } = await api.create(v1, 'a', 3);
    await api.call(`PUT ${pathIn(v1)}/a`, gadget(v1, 'a', 9));
    const past = `resourceVersion=${object.metadata.resourceVersion}&resourceVersionMatch=Exact`;
    expect((await api.call(`GET ${path}?${past}`)).object.items).toMatchObject([{ spec: specIn(version, 3) }]);
  });

  it.each([
    ['a PUT', 'PUT', '', () => gadget(version, 'a', 7), {}],
    ['a merge patch', 'PATCH', '', () => ({ spec: specIn(version, 7) }), merge],
    [
      'an apply',
      'PATCH',
      '&force=true',
      () => gadget(version, 'a', 7),
      { 'content-type': 'application/apply-patch+yaml' },
    ],
    [
      'a JSON patch',
      'PATCH',
      '',
      () => [{ op: 'replace', path: `/spec/${field}`, value: lengthOf(7) }],
      { 'content-type': 'application/json-patch+json' },
    ],
  ])('%s changes what is stored in the other', async (_, verb, query, body, headers) => {
    await api.create(v1, 'a', 3, { app: 'web' });
    const line = `${verb} ${path}/a?fieldManager=other${query}`;
    const { object, status } = await api.call(line, body(), headers);
    expect([status, object]).toEqual([200, expect.objectContaining({ apiVersion: version, spec: specIn(version, 7) })]);
    const stored = await api.stored('a');
    expect(stored).toMatchObject({ apiVersion: v1, spec: { size: '7cm' } });
    const versions = stored.metadata.managedFields!.map(({ manager, apiVersion }) => [manager, apiVersion]);
    expect(versions).toContainEqual(['other', version]);
    expect((await api.call(`GET ${path}/a`)).object).toEqual(object);
  });

  it('the status is written through it', async () => {
    await api.create(v1, 'a', 3);
    const { object } = await api.call(`PUT ${path}/a/status`, { ...inVersion('a', 99), status: { phase: 'Good' } });
    expect(object).toMatchObject({ ...inVersion('a', 3), status: { phase: 'Good' } });
    expect(await api.stored('a')).toMatchObject({ apiVersion: v1, spec: { size: '3cm' }, status: { phase: 'Good' } });
  });

  it('a dry run answers in it and writes nothing', async () => {
    const dry = await api.call(`POST ${path}?dryRun=All`, gadget(version, 'a', 3));
    expect(dry.object).toMatchObject(inVersion('a', 3));
    await api.create(v1, 'a', 3);
    const { object } = await api.call(`PUT ${path}/a?dryRun=All`, gadget(version, 'a', 4));
    expect(object).toMatchObject(inVersion('a', 4));
    expect(await api.stored('a')).toMatchObject({ spec: { size: '3cm' } });
  });

  it('what is deleted is answered in it', async () => {
    await api.create(v1, 'a', 3);
    expect((await api.call(`DELETE ${path}/a`)).object).toMatchObject({ kind: 'Status', status: 'Success' });
    await api.call(`POST ${path}`, {
      ...gadget(version, 'b', 4),
      metadata: { name: 'b', finalizers: ['example.test/held'] },
    });
    const { object } = await api.call(`DELETE ${path}/b`);
    expect(object).toMatchObject(inVersion('b', 4));
    expect(object.metadata.deletionTimestamp).toBeDefined();
    expect(await api.stored('b')).toMatchObject({
      apiVersion: v1,
      metadata: { deletionTimestamp: object.metadata.deletionTimestamp },
    });
    expect((await api.call(`DELETE ${path}`)).object.items).toMatchObject([{ spec: specIn(version, 4) }]);
    const last = await api.call(`PATCH ${path}/b`, { metadata: { finalizers: null } }, merge);
    expect(last.object).toMatchObject(inVersion('b', 4));
    expect((await api.call(`GET ${path}/b`)).status).toBe(404);
  });

  it('a watch begins with what is there, and tells each change in it', async () => {
    await api.create(v1, 'a', 3);
    const watch = await api.watch(`${path}?watch=1`);
    const table = await api.watch(`${path}?watch=1`, tables);
    await api.create(v2, 'b', 4);
    await api.call(`PUT ${pathIn(v1)}/b`, gadget(v1, 'b', 5));
    await api.call(`DELETE ${pathIn(v1)}/b`);
    expect(await watch.next(4)).toMatchObject([
      { type: 'ADDED', object: inVersion('a', 3) },
      { type: 'ADDED', object: inVersion('b', 4) },
      { type: 'MODIFIED', object: inVersion('b', 5) },
      { type: 'DELETED', object: inVersion('b', 5) },
    ]);
    const cells = (await table.next(4)).map(
      ({ object }: { object: { rows: { cells: string[] }[] } }) => object.rows[0]!.cells[1],
    );
    expect(cells).toEqual([3, 4, 5, 5].map((size) => String(lengthOf(size))));
  });

  it('a watch that begins in the past tells what it missed', async () => {
    const { object } = await api.create(v1, 'a', 3);
    await api.call(`PUT ${pathIn(v1)}/a`, gadget(v1, 'a', 4));
    await api.call(`DELETE ${pathIn(v1)}/a`);
    const watch = await api.watch(`${path}?watch=1&resourceVersion=${object.metadata.resourceVersion}`);
    expect(await watch.next(2)).toMatchObject([
      { type: 'MODIFIED', object: inVersion('a', 4) },
      { type: 'DELETED', object: inVersion('a', 4) },
    ]);
  });

  it('its fields tell a watch what enters and leaves', async () => {
    const wanted = lengthOf(4);
    const watch = await api.watch(`${path}?watch=1&fieldSelector=spec.${field}%3D${wanted}`);
    await api.create(v1, 'a', 3);
    for (const size of [4, 5]) await api.call(`PUT ${pathIn(v1)}/a`, gadget(v1, 'a', size));
    const events = await watch.next(2);
    expect(events).toMatchObject([
      { type: 'ADDED', object: inVersion('a', 4) },
      { type: 'DELETED', object: inVersion('a', 4) },
    ]);
  });

  it('callers in this process are given objects of it', async () => {
    await api.create(v1, 'a', 3);
    const objects = loopbackTransport(api.server, { username: 'ann', groups: [] });
    const controller = new AbortController();
    const seen: unknown[] = [];
    const over = objects.watch(
      { method: 'GET', path: `${path}?watch=1`, headers: { 'x-user': 'ann' } },
      ({ object }) => {
        seen.push(object);
        if (seen.length === 2) controller.abort();
      },
      { ...api.ctx, signal: controller.signal },
    );
    await api.create(v1, 'b', 4);
    await expect(over).rejects.toThrow();
    expect(seen).toMatchObject([inVersion('a', 3), inVersion('b', 4)]);
  });
});

it.each([v2, v3])(
  'what the converter to %s refuses is refused in its words, and nothing is written',
  async (version) => {
    await api.create(v1, 'a', 3);
    const words = 'conversion webhook for example.test/v1, Kind=Gadget failed: no route to host';
    api.converter.failWith(words);
    const path = pathIn(version);
    const calls: [string, unknown?, Record<string, string>?][] = [
      [`GET ${path}`],
      [`GET ${path}/a`],
      [`POST ${path}`, gadget(version, 'b', 4)],
      [`PUT ${path}/a`, gadget(version, 'a', 4)],
      [`PATCH ${path}/a`, { spec: {} }, merge],
      [`DELETE ${path}/a`],
    ];
    for (const [line, body, headers] of calls) {
      const { status, object } = await api.call(line, body, headers);
      expect([line, status, object.message]).toEqual([line, 500, words]);
    }
    const { items } = (await api.call(`GET ${pathIn(v1)}`)).object;
    expect(items).toMatchObject([{ metadata: { name: 'a' }, spec: { size: '3cm' } }]);
  },
);
