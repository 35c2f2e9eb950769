import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pods, type TestSpace, testSpace } from '../space.fixture.ts';

let space: TestSpace;
beforeAll(async () => {
  space = await testSpace();
});
afterAll(() => space[Symbol.asyncDispose]());

describe('a proxy', () => {
  test('passes method, path, query and body on, and nobody’s credentials', async () => {
    const headers = { authorization: 'Bearer secret', cookie: 'a=b', 'x-mine': 'kept', 'impersonate-user': 'ann' };
    const { text } = await space.streamed(`POST ${pods}/one:web/proxy/a%20b/?q=1`, 'hello', headers);
    expect(text).toMatch(/^POST \/a%20b\/\?q=1 hello /);
    expect(text).toContain('"x-mine":"kept"');
    expect(text).not.toMatch(/secret|a=b|impersonate/);
  });

  test('hands back what the application answered, errors too', async () => {
    expect(await space.streamed(`GET ${pods}/one/proxy/broken`)).toMatchObject({
      status: 418,
      text: 'teapot',
      headers: { 'x-kept': 'yes' },
    });
  });

  test('leads links and redirections through itself, and its bare path to the first page', async () => {
    const base = `${pods}/one/proxy`;
    expect(await space.streamed(`GET ${base}/page`)).toMatchObject({ text: `<a href="${base}/next">next</a>` });
    expect(await space.streamed(`GET ${base}/old`)).toMatchObject({
      status: 302,
      headers: { location: `${base}/new` },
    });
    expect(await space.call(`GET ${base}?q=1`)).toMatchObject({ status: 301, headers: { location: `${base}/?q=1` } });
    expect((await space.streamed(`POST ${base}`)).text).toMatch(/^POST \/ /);
  });

  test('may be opened by who may only get, and is seen by admission', async () => {
    space.connects.length = 0;
    const { status } = await space.streamed(`GET ${pods}/one/proxy/`, undefined, { 'x-user': 'reader' });
    expect(status).toBe(200);
    expect(space.connects).toHaveLength(1);
  });

  test.each([
    [`${pods}/nobody/proxy`, 404, 'pods "nobody" not found'],
    ['/api/v1/namespaces/space/services/nobody/proxy', 404, 'services "nobody" not found'],
    ['/api/v1/nodes/nobody/proxy', 404, 'nodes "nobody" not found'],
    [`${pods}/waiting/proxy`, 400, 'address not allowed'],
  ])('%s leads nowhere, not even to its first page', async (path, code, message) => {
    for (const rest of ['', '/', '/x'])
      expect((await space.call(`GET ${path}${rest}`)).object).toMatchObject({ code, message });
  });

  test('leads links of an application at an address of IPv6 through itself', async () => {
    await space.makePod('six', { nodeName: 'n' }, { podIP: 'fd00::1', podIPs: [{ ip: 'fd00::1' }], phase: 'Running' });
    const { headers } = await space.streamed(`GET ${pods}/six/proxy/at-home`);
    expect(headers['location']).toBe(`${pods}/six/proxy/next`);
  });

  test('to a pod without an address is refused', async () => {
    expect((await space.call(`GET ${pods}/unbound/proxy/`)).object).toMatchObject({ code: 400 });
  });
});
