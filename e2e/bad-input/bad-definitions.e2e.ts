import type { Json, KubeObject } from '@kubernest/meta';
import { StatusError } from '@kubernest/meta';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../cluster/test-cluster.ts';
import type { Api } from '../control-plane/support/api.ts';
import { ROOT } from '../control-plane/support/orchard/documents.ts';
import { Orchard } from '../control-plane/support/orchard/orchard.ts';
import { ctx, Seen } from '../control-plane/support/seen.ts';
import { newNamespace, TwoApis } from '../control-plane/support/two-apis.ts';
import { Writing } from '../control-plane/support/writing.ts';
import { CRDS, counted, declared, establish, GROUP, get, pathOf, post, said } from './support/declared.ts';
import { type ConverterManners, LyingConverter } from './support/lying-converter.ts';

let two: TwoApis;
let a: Api;
let started: readonly number[];
let writing: Writing;
const startsOf = (): Promise<readonly number[]> =>
  Promise.all([two.a, two.b].map((api) => counted(api, 'process_start_time_seconds', {})));

beforeAll(async () => {
  two = await TwoApis.start();
  ({ a } = two);
  started = await startsOf();
});
afterAll(() => two?.[Symbol.asyncDispose]());

// Whatever happens, somebody else works on, and nothing he was promised is lost.
let tests = 0;
beforeEach(async () => {
  const namespace = `besides-${tests++}`;
  await newNamespace(a.client(), namespace);
  writing = new Writing(two.b.client(), namespace);
});
afterEach(async () => {
  await writing.stop();
  expect(writing.refused).toEqual([]);
  expect(await writing.lost(a.client())).toEqual([]);
  expect(await startsOf()).toEqual(started);
});

const told = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof StatusError)) throw error;
      return `${error.code} ${error.reason}: ${error.message}`;
    },
  );
const refusedCrds = () =>
  counted(a, 'apiserver_request_total', { resource: 'customresourcedefinitions', verb: 'POST', code: '422' });

describe('a definition', () => {
  it('with 10,000 properties is served, and its objects are judged by all of them', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, { type: 'integer' }]));
    await establish(a, declared('widths', { type: 'object', properties: wide }));
    const width = (spec: object): Json =>
      ({ apiVersion: `${GROUP}/v1`, kind: 'Width', metadata: { name: 'w' }, spec }) as Json;
    const many = Object.fromEntries(Object.keys(wide).map((name, i) => [name, i]));
    expect(await told(post(a, pathOf('widths'), width({ ...many, p9999: 'x' })))).toMatch(
      /^422 Invalid: .*spec\.p9999 in body must be of type integer: "string"/,
    );
    await post(a, pathOf('widths'), width({ ...many, p10000: 1 }));
    await eventually(async () =>
      expect(await get(two.b, `${pathOf('widths', 'v2')}/w`)).toMatchObject({ spec: { ...many } }),
    );
    const { spec } = (await get(a, `${pathOf('widths')}/w`)) as { spec?: object };
    expect(Object.keys(spec!)).toHaveLength(10_000);
  });

  it('with a schema that is not structural is refused, and counted', async () => {
    const before = await refusedCrds();
    expect(await told(post(a, CRDS, declared('odds', { properties: { a: { type: 'string' } } })))).toMatch(
      /^422 Invalid: .*properties\[spec\]\.type: Required value: must not be empty for specified object fields/,
    );
    expect(await refusedCrds()).toBe(before + 1);
    expect(await told(get(a, pathOf('odds')))).toMatch(/^404 NotFound/);
  });
});

describe('a converter', () => {
  let converter: LyingConverter;
  const object = (name: string): Json =>
    ({ apiVersion: `${GROUP}/v1`, kind: 'Turn', metadata: { name }, spec: { n: 1 } }) as Json;
  beforeAll(async () => {
    converter = await LyingConverter.start();
    const webhook = { conversionReviewVersions: ['v1'], clientConfig: converter.clientConfig };
    await establish(
      a,
      declared(
        'turns',
        { type: 'object', properties: { n: { type: 'integer' } } },
        { conversion: { strategy: 'Webhook', webhook } },
      ),
    );
    for (const name of ['one', 'two']) await post(a, pathOf('turns'), object(name));
  });
  afterAll(() => converter?.[Symbol.asyncDispose]());

  /** What is known in a version already is not asked for again. */
  async function change(changed: string): Promise<void> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = { metadata: { labels: { changed } } };
    for (const name of ['one', 'two'])
      await a.client().raw({ method: 'PATCH', path: `${pathOf('turns')}/${name}`, body, headers }, ctx);
  }
  const failures = (failure_type: string) =>
    counted(a, 'apiserver_conversion_webhook_request_total', { result: 'failure', failure_type });
  const hook = `conversion webhook for ${GROUP}/v1, Kind=Turn`;

  it.each<[ConverterManners, string, string]>([
    [
      'loses the name',
      `${hook} returned invalid converted object at index 0: must have the same name`,
      'conversion_webhook_invalid_converted_object_failure',
    ],
    ['loses one', `${hook} returned 1 objects, expected 2`, 'conversion_webhook_partial_response_failure'],
    ['answers garbage', `${hook} failed: `, 'conversion_webhook_call_failure'],
    ['breaks off', `${hook} failed: `, 'conversion_webhook_call_failure'],
  ])('that %s is told of and counted, and harms no other version', async (manners, words, failure) => {
    converter.manners = manners;
    const before = await failures(failure);
    await change(manners.replaceAll(' ', '-'));
    const answer = await told(get(a, pathOf('turns', 'v2')));
    expect([answer.slice(0, 3), answer]).toEqual(['500', expect.stringContaining(words)]);
    expect(await failures(failure)).toBeGreaterThan(before);
    // As it is stored, nobody has to be asked.
    expect((await get(a, `${pathOf('turns')}/one`)).metadata.name).toBe('one');
    await post(a, pathOf('turns'), object('third'));
    await a.client().raw({ method: 'DELETE', path: `${pathOf('turns')}/third` }, ctx);
    converter.manners = 'converts';
    const { items } = (await get(a, pathOf('turns', 'v2'))) as unknown as { items: readonly KubeObject[] };
    expect(items.map(({ apiVersion, metadata }) => [apiVersion, metadata.name])).toEqual([
      [`${GROUP}/v2`, 'one'],
      [`${GROUP}/v2`, 'two'],
    ]);
  });

  it('that hangs keeps nobody waiting longer than he wants to, and nobody else at all', async () => {
    await change('hangs');
    converter.manners = 'hangs';
    expect(await told(get(a, `${pathOf('turns', 'v2')}/one?timeout=1s`))).toMatch(/^504 Timeout/);
    expect((await get(a, `${pathOf('turns')}/one`)).metadata.labels).toEqual({ changed: 'hangs' });
    expect(await counted(a, 'apiserver_request_total', { group: GROUP, version: 'v2', code: '504' })).toBe(1);
    converter.manners = 'converts';
    converter.drop();
    await eventually(async () =>
      expect(await get(a, `${pathOf('turns', 'v2')}/one`)).toMatchObject({ apiVersion: `${GROUP}/v2` }),
    );
  });
});

describe('a server behind this one', () => {
  let orchard: Orchard;
  beforeAll(async () => {
    orchard = await Orchard.plant(a);
    await eventually(async () => expect(await orchard.availability()).toBe('True'));
  });
  afterAll(() => orchard?.[Symbol.asyncDispose]());
  // Whatever another server has is counted as one thing: its names are that server's.
  const lists = () =>
    counted(a, 'apiserver_request_total', { group: '', resource: '', verb: 'LIST', scope: 'namespace', code: '200' });

  it('that closes in mid-answer ends that answer alone, and it is counted', async () => {
    await get(a, `${ROOT}/namespaces/default/pears`);
    const before = await lists();
    orchard.server.manners = 'breaks off';
    for (let i = 0; i < 5; i++)
      await expect(a.kubectl(['get', '--raw', `${ROOT}/namespaces/default/pears`])).rejects.toThrow(/EOF|reset/);
    orchard.server.manners = 'answers';
    expect(await get(a, `${ROOT}/namespaces/default/pears`)).toMatchObject({ kind: 'PearList' });
    expect((await lists()) - before).toBe(6);
  });

  it('whose discovery lies is believed in nothing but its own; one that is not there is told of and counted', async () => {
    orchard.server.manners = 'lies';
    await orchard.ready(false);
    await eventually(async () => expect(await orchard.availability()).toBe('False (MissingEndpoints)'));
    const name = `v1.${ROOT.split('/')[2]}`;
    // Each server sees for itself, and counts once the condition is its own word.
    const unavailable = (api: Api) =>
      counted(api, 'aggregator_unavailable_apiservice_total', { name, reason: 'MissingEndpoints' });
    await eventually(async () => expect((await unavailable(a)) + (await unavailable(two.b))).toBeGreaterThan(0));
    expect(await told(get(a, `${ROOT}/namespaces/default/pears`))).toMatch(/^503 ServiceUnavailable/);
    await orchard.ready(true);
    await eventually(async () => expect(await orchard.availability()).toBe('True'));
    await eventually(async () => expect(orchard.server.lies).toBeGreaterThan(1));
    for (const api of [a, two.b]) {
      const groups = (await get(api, '/apis')) as unknown as { groups: readonly { name: string }[] };
      expect(groups.groups.map((group) => group.name)).not.toContain('stolen.example.org');
      expect(await told(get(api, '/apis/stolen.example.org/v7'))).toMatch(/^404 NotFound/);
      expect(await get(api, '/api/v1/namespaces/default/pods')).toMatchObject({ kind: 'PodList' });
    }
    orchard.server.manners = 'answers';
  });
});

describe('a kind that is deleted in the middle of everything', () => {
  const ref = { group: GROUP, version: 'v1', resource: 'storms' };
  const storm = (name: string) => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'Storm',
    metadata: { name, namespace: 'default' },
    spec: { n: 1 },
  });
  const definition = declared('storms', { type: 'object', properties: { n: { type: 'integer' } } });

  const notFound = () => counted(a, 'apiserver_request_total', { code: '404' });

  /** One after the other until told to stop: what came of each. */
  async function over(act: (n: number) => Promise<unknown>, until: AbortSignal): Promise<readonly string[]> {
    const answers: string[] = [];
    for (let n = 0; !until.aborted; n++) answers.push((await told(act(n))).replace(/: .*/s, ''));
    return answers;
  }

  it('ends whatever was under way with a Status, leaves nothing, and may come again', async () => {
    for (let round = 0; round < 3; round++) {
      const before = await notFound();
      const crd = await establish(a, definition);
      const stop = new AbortController();
      const { metadata } = await a.client().resource(ref).list({ namespace: 'default' }, ctx);
      using watched = new Seen<KubeObject>(two.b.client(), ref, {
        namespace: 'default',
        resourceVersion: metadata.resourceVersion!,
      });
      const work = [a, two.b].flatMap((api) => {
        const storms = api.client().resource(ref);
        const key = { namespace: 'default', name: 'applied' };
        const apply = { type: 'apply', body: storm('applied') as Json } as const;
        return [
          over((n) => storms.create(storm(`${api.port}-${n}`), {}, ctx), stop.signal),
          over(() => storms.patch(key, apply, { fieldManager: String(api.port), force: true }, ctx), stop.signal),
          over(() => storms.list({ namespace: 'default' }, ctx), stop.signal),
          over(() => storms.delete({ namespace: 'default', name: `${api.port}-0` }, {}, ctx), stop.signal),
          over(() => get(api, `${pathOf('storms', 'v2')}?limit=2`), stop.signal),
        ];
      });
      await watched.until((events) => events.length > 20);
      await a.client().raw({ method: 'DELETE', path: crd }, ctx);
      await eventually(async () => {
        for (const api of [a, two.b]) expect(await told(get(api, pathOf('storms')))).toMatch(/^404 NotFound/);
      });
      stop.abort();
      const answers = new Set((await Promise.all(work)).flat());
      const expected = [
        'done',
        '403 Forbidden',
        '404 NotFound',
        '405 MethodNotAllowed',
        '409 AlreadyExists',
        '409 Conflict',
        '410 Expired',
      ];
      expect([...answers].filter((answer) => !expected.includes(answer))).toEqual([]);
      expect([...answers]).toEqual(expect.arrayContaining(['done', '404 NotFound']));
      // Whoever watched saw each object go.
      const there = new Set<string>();
      for (const { type, object } of watched.events) {
        if (type === 'DELETED') there.delete(object.metadata.name!);
        else there.add(object.metadata.name!);
      }
      expect([...there]).toEqual([]);
      await two.inStore(async (store) => {
        expect((await store.list(`/registry/${GROUP}/storms/`, {}, ctx)).entries).toEqual([]);
      });
      // What is not there (any more) has no name among the figures.
      expect(await notFound()).toBeGreaterThan(before);
    }
    expect(await said(a, await establish(a, definition), 'NamesAccepted')).toMatch(/^True/);
    expect((await a.client().resource(ref).list({ namespace: 'default' }, ctx)).items).toEqual([]);
  });
});
