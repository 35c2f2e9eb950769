import { turnsTaken } from '@kubernest/kit';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const url = '/api/v1/namespaces/default/configmaps';
let api: TestServer;
beforeAll(async () => {
  api = await testServer();
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await api.call(`POST ${url}`, { metadata: { name, labels: { odd: String('ace'.includes(name)) } } });
  }
  await api.call('POST /api/v1/namespaces/other/configmaps', { metadata: { name: 'z' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const names = (object: { items: { metadata: { name: string } }[] }) =>
  object.items.map((item) => item.metadata.name).join('');

describe('a list', () => {
  test('holds items in order, without kind and apiVersion', async () => {
    const { object } = await api.call(`GET ${url}`);
    expect(object).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    expect(names(object)).toBe('abcde');
    expect(object.items[0]).not.toHaveProperty('kind');
    expect(object.items[0]).not.toHaveProperty('apiVersion');
    expect(Object.keys(object.metadata)).toEqual(['resourceVersion']);
  });

  test.each([
    ['/api/v1/configmaps', 'abcdez'],
    [`${url}?labelSelector=odd%3Dtrue`, 'ace'],
    [`${url}?labelSelector=odd%20notin%20(true)`, 'bd'],
    [`${url}?fieldSelector=metadata.name%3Dc`, 'c'],
    ['/api/v1/configmaps?fieldSelector=metadata.namespace!%3Ddefault', 'z'],
    ['/api/v1/namespaces/nothing/configmaps', ''],
    [`${url}?resourceVersion=0`, 'abcde'],
  ])('%s gives %s', async (line, expected) => {
    expect(names((await api.call(`GET ${line}`)).object)).toBe(expected);
  });

  test('in pages is one list: what changes meanwhile does not show', async () => {
    const first = (await api.call(`GET ${url}?limit=2`)).object;
    expect(names(first)).toBe('ab');
    expect(first.metadata.remainingItemCount).toBe(3);
    await api.call(`POST ${url}`, { metadata: { name: 'cc' } });
    await api.call(`DELETE ${url}/d`);
    const next = encodeURIComponent(first.metadata.continue);
    const second = (await api.call(`GET ${url}?limit=2&continue=${next}`)).object;
    expect(names(second)).toBe('cd');
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const third = (await api.call(`GET ${url}?limit=2&continue=${encodeURIComponent(second.metadata.continue)}`))
      .object;
    expect(names(third)).toBe('e');
    expect(third.metadata.continue).toBeUndefined();
    const exact = `resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`;
    expect(names((await api.call(`GET ${url}?${exact}`)).object)).toBe('abcde');
    await api.call(`DELETE ${url}/cc`);
    await api.call(`POST ${url}`, { metadata: { name: 'd', labels: { odd: 'false' } } });
  });

  test.each([
    ['', 'abcde'],
    ['&resourceVersionMatch=NotOlderThan', 'abcde'],
    ['&labelSelector=odd', 'abcde'],
  ])('of any version knows no pages: limit=1&resourceVersion=0%s', async (more, expected) => {
    const { object } = await api.call(`GET ${url}?limit=1&resourceVersion=0${more}`);
    expect(names(object)).toBe(expected);
    expect(Object.keys(object.metadata)).toEqual(['resourceVersion']);
  });

  test('of any version is the rest of it, where a page went before', async () => {
    const { metadata } = (await api.call(`GET ${url}?limit=1`)).object;
    const { object } = await api.call(
      `GET ${url}?limit=1&resourceVersion=0&continue=${encodeURIComponent(metadata.continue)}`,
    );
    expect(names(object)).toBe('bcde');
  });

  test('of what expires soon has pages in any version', async () => {
    const events = '/api/v1/namespaces/default/events';
    for (const name of ['e1', 'e2'])
      await api.call(`POST ${events}`, {
        metadata: { name },
        involvedObject: { namespace: 'default' },
        type: 'Normal',
      });
    const { object } = await api.call(`GET ${events}?limit=1&resourceVersion=0`);
    expect(names(object)).toBe('e1');
    expect(object.metadata.remainingItemCount).toBe(1);
  });

  test('by label in pages says that there is more, but not how much', async () => {
    const { object } = await api.call(`GET ${url}?limit=2&labelSelector=odd%3Dtrue`);
    expect(names(object)).toBe('ac');
    expect(object.metadata.continue).toBeTruthy();
    expect(object.metadata.remainingItemCount).toBeUndefined();
  });

  test('goes on after compaction only without consistency', async () => {
    const first = (await api.call(`GET ${url}?limit=1`)).object;
    await api.call(`PATCH ${url}/a`, { data: { x: '1' } }, { 'content-type': 'application/merge-patch+json' });
    await api.server.core.store.compact(await api.server.core.store.currentRevision(api.ctx), api.ctx);
    const { object } = await api.call(`GET ${url}?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`);
    expect(object).toMatchObject({ code: 410, reason: 'Expired' });
    const rest = (await api.call(`GET ${url}?continue=${encodeURIComponent(object.metadata.continue)}`)).object;
    expect(names(rest)).toBe('bcde');
  });

  test('of exactly a revision that was compacted away is refused', async () => {
    const { metadata } = (await api.call(`GET ${url}`)).object;
    await api.call(`PATCH ${url}/a`, { data: { x: '2' } }, { 'content-type': 'application/merge-patch+json' });
    await api.server.core.store.compact(await api.server.core.store.currentRevision(api.ctx), api.ctx);
    const { object } = await api.call(
      `GET ${url}?resourceVersionMatch=Exact&resourceVersion=${metadata.resourceVersion}`,
    );
    expect(object).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: 'The resourceVersion for the provided list is too old.',
    });
  });

  test.each([
    ['labelSelector=a%3D%3D%3D', 400, 'unable to parse requirement'],
    [
      'fieldSelector=spec.x%3D1',
      400,
      '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['continue=nonsense', 400, 'continue key is not valid'],
    ['resourceVersion=abc', 400, 'invalid resourceVersion'],
    ['resourceVersionMatch=Exact', 422, 'forbidden unless resourceVersion is provided'],
    [
      'resourceVersionMatch=no&continue=x&resourceVersion=1',
      422,
      'forbidden when continue is provided, resourceVersionMatch: Unsupported value: "no": supported values: "Exact", "NotOlderThan", ""',
    ],
    ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['sendInitialEvents=true', 422, 'forbidden for list'],
  ])('with %s is refused', async (query, code, message) => {
    expect((await api.call(`GET ${url}?${query}`)).object).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('from the future is refused after three seconds', async () => {
    const answer = api.call(`GET ${url}?resourceVersion=999999`);
    // The question first has to reach the cache, which takes turns of the event loop and no time.
    await turnsTaken();
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    await api.clock.advance(2999);
    await turnsTaken();
    expect(isAnswered).toBe(false);
    await api.clock.advance(1);
    const { status, object } = await answer;
    expect(status).toBe(504);
    expect(object).toMatchObject({
      code: 504,
      reason: 'Timeout',
      message: expect.stringMatching(/^Timeout: Too large resource version: 999999, current: \d+$/),
      details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
    });
  });
});

describe('other shapes', () => {
  const as = (kind: string) => ({ accept: `application/json;as=${kind};v=v1;g=meta.k8s.io,application/json` });

  test('a Table has a row an object', async () => {
    const { object, headers } = await api.call(`GET ${url}`, undefined, as('Table'));
    expect(headers['content-type']).toBe('application/json');
    expect(object).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(object.columnDefinitions[0]).toMatchObject({ name: 'Name', type: 'string', format: 'name' });
    expect(object.rows[0]).toMatchObject({
      cells: expect.arrayContaining(['a']),
      object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } },
    });
    expect((await api.call(`GET ${url}?includeObject=None`, undefined, as('Table'))).object.rows[0].object).toBe(null);
    expect((await api.call(`GET ${url}?includeObject=Object`, undefined, as('Table'))).object.rows[0].object.kind).toBe(
      'ConfigMap',
    );
  });

  test('metadata alone', async () => {
    const { object } = await api.call(`GET ${url}`, undefined, as('PartialObjectMetadataList'));
    expect(object).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
    for (const item of object.items) {
      const { metadata, ...rest } = item;
      expect(rest).toEqual({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' });
      expect(metadata.name).toBeDefined();
    }
  });

  test.each([
    ['application/yaml', 'application/yaml', /^kind: ConfigMap\n/],
    ['application/vnd.kubernetes.protobuf', 'application/vnd.kubernetes.protobuf', /^k8s\0/],
    ['*/*', 'application/json', /^\{"kind":"ConfigMap","apiVersion":"v1"/],
    ['text/html, application/json;q=0.1', 'application/json', /^\{/],
    ['*/*, application/yaml', 'application/yaml', /^kind: ConfigMap\n/],
    ['*/*, application/yaml;q=0.1', 'application/json', /^\{/],
  ])('Accept: %s is answered by %s', async (accept, type, text) => {
    const answer = await api.call(`GET ${url}/a`, undefined, { accept });
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.text).toMatch(text);
  });

  test.each([
    ['application/yaml', 406],
    ['text/html', 406],
    ['application/yaml, application/json;q=0.5', 200],
  ])('a watch with Accept: %s is answered by %i', async (accept, status) => {
    const answer = await api.server.handle(requestFor(`GET ${url}?watch=1`, undefined, { accept }), api.ctx);
    expect(answer).toMatchObject({ status, kind: status === 200 ? 'watch' : 'bytes' });
    if (answer.kind !== 'bytes') return;
    const text = Buffer.concat(answer.body).toString();
    expect(text).toContain('application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch');
    expect(text).toMatch(accept === 'application/yaml' ? /^reason: NotAcceptable$/m : /"reason":"NotAcceptable"/);
  });

  test('what cannot be given is refused with 406', async () => {
    expect((await api.call(`GET ${url}/a`, undefined, { accept: 'text/html' })).object).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
    });
  });
});
