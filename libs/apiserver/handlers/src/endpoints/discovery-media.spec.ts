import type { BytesResponse } from '@kubernest/apiserver/contract';
import { aggregatedDiscoverySchema, decodeProtobuf } from '@kubernest/definitions';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

let api: TestServer;
beforeAll(async () => {
  api = await testServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const asked = 'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const get = async (path: string, accept: string, more = {}) => {
  const response = await api.server.handle(requestFor(`GET ${path}`, undefined, { accept, ...more }), api.ctx);
  const { status, headers, body } = response as BytesResponse;
  return { status, headers, bytes: Buffer.concat(body) };
};

test.each(['/api', '/apis'])('all of %s at once is the same in each form, under one tag', async (path) => {
  const [json, yaml, protobuf] = await Promise.all(
    ['json', 'yaml', 'vnd.kubernetes.protobuf'].map((form) => get(path, `application/${form};${asked}`)),
  );
  const expected = JSON.parse(json!.bytes.toString());
  expect(parse(yaml!.bytes.toString())).toEqual(expected);
  expect(decodeProtobuf(protobuf!.bytes, () => aggregatedDiscoverySchema())).toEqual(expected);
  expect(protobuf!.headers['content-type']).toBe(`application/vnd.kubernetes.protobuf;${asked}`);
  const { etag } = json!.headers;
  expect([yaml!.headers['etag'], protobuf!.headers['etag']]).toEqual([etag, etag]);
  const again = await get(path, `application/vnd.kubernetes.protobuf;${asked}`, {
    'if-none-match': `"other", W/${etag}`,
  });
  expect([again.status, again.bytes.length]).toEqual([304, 0]);
});

test.each(['/api', '/apis', '/api/v1', '/apis/apps', '/apis/apps/v1'])('%s is given as YAML', async (path) => {
  const [json, yaml] = [await get(path, 'application/json'), await get(path, 'application/yaml')];
  expect(yaml.headers['content-type']).toBe('application/yaml');
  expect(parse(yaml.bytes.toString())).toEqual(JSON.parse(json.bytes.toString()));
});

test.each([
  ['/apis', 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList'],
  ['/api', 'application/json;g=apidiscovery.k8s.io'],
  ['/apis/apps', `application/json;${asked}`],
  ['/apis/apps/v1', `application/json;${asked}`],
  ['/api/v1/nodes', 'application/json;g=apidiscovery.k8s.io'],
  ['/apis', 'text/html'],
])('%s is not given as %s', async (path, accept) => {
  expect((await get(path, accept)).status).toBe(406);
  expect((await get(path, `${accept},application/json`)).headers['content-type']).toBe('application/json');
});
