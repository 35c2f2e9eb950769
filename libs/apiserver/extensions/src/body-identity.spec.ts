import { Catalog } from '@kubernest/apiserver/contract';
import { builtinKinds } from '@kubernest/kinds';
import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { widgetPath as path, widget } from './widget.fixture.ts';

let api: TestServer;
beforeAll(async () => {
  api = await testServer({ catalog: new Catalog([...builtinKinds, widget]) });
  await api.call(`POST ${path}`, { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'old' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const metadata = { name: 'a' };
const old = { name: 'old' };
const [merge, json] = ['merge', 'json'].map((type) => ({ 'content-type': `application/${type}-patch+json` }));

it.each<[string, unknown, Record<string, string> | undefined, number, string]>([
  [
    `POST ${path}`,
    { kind: 'Widget', metadata },
    undefined,
    400,
    'the API version in the data () does not match the expected API version (example.com/v1)',
  ],
  [
    `POST ${path}`,
    { apiVersion: 'example.com/v1', metadata },
    undefined,
    400,
    'the object provided is unrecognized (must be of type Widget): Object \'Kind\' is missing in \'{"apiVersion":"example.com/v1","metadata":{"name":"a"}}\' ({"apiVersion":"example.com/v1" ...)',
  ],
  [
    `PUT ${path}/old`,
    { kind: 'Widget', metadata: old },
    undefined,
    400,
    'the API version in the data () does not match the expected API version (example.com/v1)',
  ],
  [
    `POST ${path}`,
    { apiVersion: 'example.com/v1', kind: 'Small', metadata },
    undefined,
    422,
    'Small.example.com "a" is invalid: kind: Invalid value: "Small": must be Widget',
  ],
  [
    `PATCH ${path}/old`,
    { kind: 'Q' },
    merge,
    422,
    'Q.example.com "old" is invalid: kind: Invalid value: "Q": must be Widget',
  ],
  [
    `PATCH ${path}/old`,
    { apiVersion: null },
    merge,
    500,
    "Internal error occurred: Object 'apiVersion' is missing in 'object has no apiVersion field'",
  ],
  [
    `PATCH ${path}/old`,
    [{ op: 'replace', path: '', value: {} }],
    json,
    422,
    ' "" is invalid: patch: Invalid value: "{}": Object \'Kind\' is missing in \'{}\'',
  ],
])('a custom object that does not say what it is is refused: %s %j', async (line, body, headers, code, message) => {
  const { status, object } = await api.call(line, body, headers);
  expect([status, object.message]).toEqual([code, message]);
});
