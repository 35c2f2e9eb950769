import { request } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TestCluster } from '../cluster/test-cluster.ts';

interface Answer {
  readonly code: number;
  readonly warning: string;
  readonly body: { kind?: string; reason?: string; message?: string; data?: unknown };
}

let cluster: TestCluster;
let server: URL;
let identity: { ca: Buffer; cert: Buffer; key: Buffer };
const maps = '/api/v1/namespaces/default/configmaps';
const map = (name: string, more = ''): string =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"a":"1"}${more}}`;

function ask(method: string, path: string, body = '', type = 'application/json'): Promise<Answer> {
  return new Promise((done, fail) => {
    const asked = request(new URL(path, server), { method, ...identity, headers: { 'content-type': type } }, (res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      res.on('error', fail);
      res.on('end', () =>
        done({ code: res.statusCode!, warning: String(res.headers['warning'] ?? ''), body: JSON.parse(text) }),
      );
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

beforeAll(async () => {
  cluster = await TestCluster.start('e2e-bad', ['--runtime=hollow', '--hollow-nodes=1']);
  const config = JSON.parse(await cluster.kubectl('config', 'view', '--raw', '--minify', '-o', 'json'));
  server = new URL(config.clusters[0].cluster.server);
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const user = config.users[0].user;
  identity = {
    ca: bytes(config.clusters[0].cluster['certificate-authority-data']),
    cert: bytes(user['client-certificate-data']),
    key: bytes(user['client-key-data']),
  };
  expect((await ask('POST', maps, map('kept'))).code).toBe(201);
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

describe('a body that is no good', () => {
  it.each([
    ['malformed JSON', '{"kind":', 'application/json', 400, 'BadRequest'],
    ['malformed YAML', 'kind: [', 'application/yaml', 400, 'BadRequest'],
    ['nothing', '', 'application/json', 400, 'BadRequest'],
    ['a text where a map belongs', map('bad', ',"binaryData":"x"'), 'application/json', 400, 'BadRequest'],
    ['a kind of another resource', '{"apiVersion":"v1","kind":"Secret"}', 'application/json', 400, 'BadRequest'],
    ['a bad name', map('Not_A_Name'), 'application/json', 422, 'Invalid'],
    ['a name that is taken', map('kept'), 'application/json', 409, 'AlreadyExists'],
    ['more than 3 MB', map('bad', `,"x":"${'x'.repeat(3_300_000)}"`), 'application/json', 413, 'RequestEntityTooLarge'],
    ['a media type nobody knows', map('bad'), 'text/csv', 415, 'UnsupportedMediaType'],
  ])('is refused when it is %s', async (_what, body, type, code, reason) => {
    const answer = await ask('POST', maps, body, type);
    expect({ code: answer.code, kind: answer.body.kind, reason: answer.body.reason }).toEqual({
      code,
      kind: 'Status',
      reason,
    });
    expect(answer.body.message).toBeTruthy();
  });

  it.each([
    ['unknown', ',"datta":{}', 'unknown field "datta"'],
    ['duplicate', ',"data":{"a":"2"}', 'duplicate field "data"'],
  ])('with a field that is %s is refused, warned of or taken, as the client asks', async (what, more, message) => {
    const body = map(what, more);
    const strict = await ask('POST', `${maps}?fieldValidation=Strict`, body);
    expect(strict).toMatchObject({ code: 400, body: { kind: 'Status', reason: 'BadRequest' } });
    expect(strict.body.message).toContain(message);
    expect((await ask('GET', `${maps}/${what}`)).code).toBe(404);
    const warn = await ask('POST', `${maps}?fieldValidation=Warn&dryRun=All`, body);
    expect(warn.code).toBe(201);
    expect(warn.warning.replaceAll('\\', '')).toContain(message);
    expect(await ask('POST', `${maps}?fieldValidation=Ignore&dryRun=All`, body)).toMatchObject({
      code: 201,
      warning: '',
    });
  });

  it.each(['apply', 'create'])('is refused by kubectl %s, which says which field', async (verb) => {
    const ran = await cluster.tryKubectl([verb, '-f', '-'], { input: map('typo', ',"datta":{}') });
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain('unknown field "datta"');
  });
});

describe('a request that is no good', () => {
  it('is refused when a JSON patch tests what is not so, and kubectl says where', async () => {
    const patch = '[{"op":"test","path":"/data/a","value":"2"},{"op":"remove","path":"/data"}]';
    const ran = await cluster.tryKubectl(['patch', 'configmap', 'kept', '--type=json', '-p', patch]);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain('The request is invalid: patch: testing value /data/a failed: test failed');
  });

  it('is refused when its resource version is stale', async () => {
    const body = map('kept', '').replace('"name":"kept"', '"name":"kept","resourceVersion":"1"');
    expect(await ask('PUT', `${maps}/kept`, body)).toMatchObject({
      code: 409,
      body: { kind: 'Status', reason: 'Conflict' },
    });
  });

  it('is not found when nobody knows its resource', async () => {
    expect((await ask('GET', '/api/v1/namespaces/default/gadgets')).code).toBe(404);
    const ran = await cluster.tryKubectl(['apply', '-f', '-'], {
      input: '{"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"g"}}',
    });
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain('no matches for kind "Gadget" in version "example.com/v1"');
  });

  it('stores nothing and holds nobody up when its connection breaks off or stays half open', async () => {
    const to = { host: server.hostname, port: Number(server.port), allowHalfOpen: true, ...identity };
    const half = connect(to);
    await new Promise((done) => half.once('secureConnect', done));
    half.resume();
    const closed = new Promise((done) => half.once('end', done));
    half.end(`POST ${maps} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{`);
    await closed;
    const cut = request(new URL(maps, server), {
      method: 'POST',
      ...identity,
      headers: { 'content-type': 'application/json', 'content-length': 5000 },
    });
    const broken = new Promise((done) => cut.once('error', done));
    await new Promise((done) => cut.write(map('cut').slice(0, 40), done));
    cut.destroy(new Error('the client goes away'));
    await broken;
    expect((await ask('GET', `${maps}/cut`)).code).toBe(404);
    half.destroy();
  });
});

describe('what was stored', () => {
  it('is unharmed, and the API still serves', async () => {
    expect(await ask('GET', `${maps}/kept`)).toMatchObject({ code: 200, body: { data: { a: '1' } } });
    await eventually(async () => expect((await cluster.kubectl('get', '--raw', '/readyz')).trim()).toBe('ok'));
    expect(await cluster.kubectl('get', 'configmaps', '-o', 'name')).toBe(
      'configmap/kept\nconfigmap/kube-root-ca.crt\n',
    );
  });
});
