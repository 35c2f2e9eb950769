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

  test('to a pod without an address is refused', async () => {
    expect((await space.call(`GET ${pods}/unbound/proxy/`)).object).toMatchObject({ code: 400 });
  });
});
