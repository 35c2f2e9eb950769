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

type Row = [line: string, body: unknown, headers: Record<string, string> | undefined, code: number, message: string];

it.each<Row>([
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
  ...[merge, json].flatMap((how): Row[] =>
    (
      [
        [{ kind: 'Q' }, 'Q.example.com "old" is invalid: kind: Invalid value: "Q": must be Widget'],
        [
          { apiVersion: 'example.com/v2' },
          'Widget.example.com "old" is invalid: apiVersion: Invalid value: "example.com/v2": must be example.com/v1',
        ],
        [
          { apiVersion: 'x.org/v1' },
          'Widget.x.org "old" is invalid: apiVersion: Invalid value: "x.org/v1": must be example.com/v1',
        ],
        [
          { apiVersion: 'v1', kind: 'ConfigMap' },
          'ConfigMap "old" is invalid: [kind: Invalid value: "ConfigMap": must be Widget, apiVersion: Invalid value: "v1": must be example.com/v1]',
        ],
      ] as const
    ).map(([said, message]) => [
      `PATCH ${path}/old`,
      how === json ? Object.entries(said).map(([key, value]) => ({ op: 'replace', path: `/${key}`, value })) : said,
      how,
      422,
      message,
    ]),
  ),
  [
    `PATCH ${path}/old`,
    { apiVersion: 'example.com/v2', metadata: { name: 'other' } },
    merge,
    400,
    'the name of the object (other) does not match the name on the URL (old)',
  ],
  [
    `PATCH ${path}/old?fieldManager=m`,
    { apiVersion: 'example.com/v2', kind: 'Widget', metadata: old },
    { 'content-type': 'application/apply-patch+yaml' },
    400,
    'invalid object type: example.com/v2, Kind=Widget',
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
