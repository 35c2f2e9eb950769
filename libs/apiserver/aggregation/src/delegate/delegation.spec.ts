import { once } from 'node:events';
import {
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import type { UserInfo, WatchResponse } from '@kubernest/apiserver/contract';
import { parseRequestInfo } from '@kubernest/apiserver/handlers';
import { childContext } from '@kubernest/kit';
import { requestFor } from '@kubernest/testkit/server';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  ann,
  apiService,
  backendServer,
  type Front,
  front,
  StoredApiServices,
  type Trusted,
  trusted,
} from '../aggregated.fixture.ts';

let trust: Trusted;
beforeAll(async () => {
  trust = await trusted();
});

const trees = '/apis/orchard.example/v1/namespaces/x/trees';

interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

function ask({ port }: Pick<Front, 'port'>, path: string, { method = 'GET', headers = {} }: Asked = {}) {
  return httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false });
}

async function answered(at: Pick<Front, 'port'>, path: string, asked: Asked & { readonly body?: string } = {}) {
  const request = ask(at, path, asked).end(asked.body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

const otherProtocol = { connection: 'Upgrade', upgrade: 'websocket' };

/** Says what it was asked. */
const echo: RequestListener = async (request, response) => {
  const { method, url, headersDistinct: headers, socket } = request;
  const by = (socket as TLSSocket).getPeerCertificate().subject?.CN;
  response.writeHead(201, { 'x-two': ['a', 'b'], 'access-control-allow-origin': '*' });
  response.end(JSON.stringify({ method, url, headers, by, sent: await text(request) }));
};

async function behind(listener: RequestListener, user?: UserInfo, available?: string) {
  const server = await backendServer(trust, listener);
  return front(trust, server, new StoredApiServices(apiService(trust.pki, {}, available)), user);
}

describe('a request of another server’s group-version', () => {
  test('goes there as it came, by the certificate of the front proxy', async () => {
    const at = await behind(echo);
    const path = `${trees}/a/proxy/b%2Fc//%7e?x=%20+y&&z`;
    const { status, headers, body } = await answered(at, path, { method: 'PUT', body: 'sent' });
    const heard = JSON.parse(body);
    expect([status, headers['x-two'], headers['access-control-allow-origin']]).toEqual([201, 'a, b', undefined]);
    expect(heard).toMatchObject({ method: 'PUT', url: path, by: 'front-proxy-client', sent: 'sent' });
    expect(heard.headers.host).toEqual(['hooks.shop.svc:443']);
  });

  test('says for whom it asks, and nothing of what its client says to be', async () => {
    const at = await behind(echo, {
      username: 'ann ü',
      uid: '7',
      groups: ['a', 'b'],
      extra: { 'example.com/scopes%': ['r', 'w'], none: [] },
    });
    const claims = {
      authorization: 'Bearer x',
      'impersonate-user': 'eve',
      'x-remote-user': 'eve',
      'x-remote-uid': '0',
      'x-remote-group': 'system:masters',
      'x-remote-extra-own': 'x',
      connection: 'X-Remote-User',
      accept: 'application/json',
    };
    const { headers } = JSON.parse((await answered(at, trees, { headers: claims })).body);
    const about = Object.fromEntries(
      Object.entries(headers).filter(([name]) => /^(x-remote|auth|imp|accept)/.test(name)),
    );
    expect(about).toEqual({
      accept: ['application/json'],
      'x-remote-user': [Buffer.from('ann ü').toString('latin1')],
      'x-remote-uid': ['7'],
      'x-remote-group': ['a', 'b'],
      'x-remote-extra-example.com%2fscopes%25': ['r', 'w'],
    });
  });

  test.each(['/apis/orchard.example/v1', '/apis/orchard.example/v1/', `${trees}?watch=1`, `${trees}/a/b/c`])(
    'is %s',
    async (path) => {
      expect(JSON.parse((await answered(await behind(echo), path)).body).url).toBe(path);
    },
  );

  test.each([
    '/apis/orchard.example',
    '/apis/orchard.example/v2/trees',
    '/apis/other.example/v1',
    '/api/v1/pods',
    '/apis',
  ])('is not %s', async (path) => {
    expect((await answered(await behind(echo), path)).status).toBe(418);
  });

  test('is named alike in both servers’ logs, and says itself by whom it comes', async () => {
    const at = await behind(echo);
    const claims = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', 'x-forwarded-uri': '/evil' };
    const { headers, body } = await answered(at, trees, { headers: claims });
    const heard = JSON.parse(body).headers;
    expect(heard).toMatchObject({
      'x-forwarded-host': ['hooks.shop.svc:443'],
      'x-forwarded-proto': ['https'],
      'x-forwarded-uri': [trees],
      'audit-id': [expect.stringMatching(/^[0-9a-f-]{36}$/)],
    });
    expect(headers['audit-id']).toBe(heard['audit-id'][0]);
    const named = await answered(at, trees, { headers: { 'audit-id': ['mine', 'other'] } });
    expect(JSON.parse(named.body).headers['audit-id']).toEqual(['mine']);
  });

  test('streams both ways, however long', async () => {
    const at = await behind((request, response) => void request.pipe(response));
    const request = ask(at, trees, { method: 'POST' });
    request.write('first');
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(String((await once(answer, 'data'))[0])).toBe('first');
    const much = Buffer.alloc(8 * 1024 * 1024, 'x');
    request.end(much);
    let length = 0;
    for await (const part of answer) length += part.length;
    expect(length).toBe(much.length);
  });

  test('may ask for another protocol', async () => {
    const server = await backendServer(trust, echo);
    server.server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.write(`${request.url} ${request.headers['x-remote-user']} ${request.headers.authorization}\n`);
      socket.pipe(socket);
    });
    const at = await front(trust, server, new StoredApiServices(apiService(trust.pki)));
    const headers = { ...otherProtocol, authorization: 'Bearer x' };
    const request = ask(at, `${trees}/a/exec?b`, { headers }).end();
    const [, socket, head] = (await once(request, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
    socket.end('mine');
    const heard = String(head) + (await text(socket));
    expect(heard).toBe(`${trees}/a/exec?b ann undefined\nmine`);
  });
});

describe('a path that a backend may read as another than was authorized', () => {
  test.each([
    `${trees}/a%2Fstatus`,
    `${trees}%2Fa`,
    '/apis/orchard.example/v1/namespaces/x%2Ftrees/y',
    `${trees}/../../other/trees`,
    `${trees}/a/proxy/../../../../secrets`,
    `${trees}/%2e%2E/b`,
    `${trees}/a/proxy/..%2f..%5C..`,
    `${trees}/./a`,
    `${trees}/%2e%2e/%zz`,
    '/apis/orchard.example/v1//namespaces/x/trees/mine',
    '/apis/orchard.example/v1/namespaces///trees',
    `${trees}//status`,
    `/${trees}`,
    `${trees}/\xc3\xa4`,
  ])('leads nowhere: %s', async (path) => {
    const at = await behind(echo);
    const request = requestFor(`GET ${path}`);
    const handled = at.delegation.handle({ request, info: parseRequestInfo(request), user: ann }, at.ctx);
    await expect(handled).rejects.toMatchObject({ code: 404 });
    expect(at.dialled).toEqual([]);
  });

  test.each([`${trees}/a.b`, `${trees}/..a`, `${trees}/a/proxy/x%2Fy..`])('is none: %s', async (path) => {
    expect(JSON.parse((await answered(await behind(echo), path)).body).url).toBe(path);
  });

  test.each([
    ['/apis/orchard.example/v1/namespaces//trees', '/apis/orchard.example/v1/trees'],
    ['/apis/orchard.example/v1/watch/namespaces//trees', '/apis/orchard.example/v1/watch/trees'],
    ['/apis/orchard.example/v1/namespaces//trees/x', '/apis/orchard.example/v1/trees/x'],
    [`${trees}/mine#/status`, `${trees}/mine%23/status`],
    [`${trees}/mine\\status`, `${trees}/mine%5Cstatus`],
    [`${trees}/a"<>^\`{|}b`, `${trees}/a%22%3C%3E%5E%60%7B%7C%7Db`],
    [`${trees}?x=1;watch=true&limit=5`, `${trees}?limit=5`],
    [`${trees}?x=%zz`, trees],
    [`${trees}?limit=5#&watch=1`, `${trees}?limit=5%23&watch=1`],
  ])('is sent as what was authorized: %s', async (path, sent) => {
    expect(JSON.parse((await answered(await behind(echo), path)).body).url).toBe(sent);
  });
});

describe('a backend that leads elsewhere', () => {
  const refused = 'the backend attempted to redirect this request, which is not permitted';
  const to =
    (status: number, headers: OutgoingHttpHeaders): RequestListener =>
    (_request, response) =>
      void response.writeHead(status, headers).end('there');

  test.each([300, 301, 302, 303, 307, 308, 399])('is not followed: %d', async (status) => {
    const at = await behind(to(status, { location: 'https://evil.example/steal', 'x-own': 'a' }));
    for (const asked of [{}, { method: 'POST', body: 'x' }]) {
      const { status: code, headers, body } = await answered(at, trees, asked);
      expect([code, body, headers.location, headers['x-own']]).toEqual([502, refused, undefined, undefined]);
    }
    expect((await answered(at, `${trees}?watch=1`)).status).toBe(502);
    const request = { ...requestFor(`GET ${trees}`), wantsObjects: true };
    const handled = at.delegation.handle({ request, info: parseRequestInfo(request), user: ann }, at.ctx);
    await expect(handled).rejects.toMatchObject({ code: 502, message: refused });
  });

  test.each([
    [304, { etag: '"1"' }],
    [201, { location: `${trees}/a` }],
  ])('is not what says %d', async (status, headers) => {
    const answer = await answered(await behind(to(status, headers)), trees);
    expect([answer.status, answer.headers]).toEqual([status, expect.objectContaining(headers)]);
  });

  test.each([200, 302, 399])('is not followed by who asks for another protocol: %d', async (code) => {
    const server = await backendServer(trust, echo);
    server.server.on('upgrade', (_request, socket: Duplex) => {
      socket.end(`HTTP/1.1 ${code} So\r\nLocation: https://evil.example/steal\r\nContent-Length: 0\r\n\r\n`);
    });
    const at = await front(trust, server, new StoredApiServices(apiService(trust.pki)));
    const { status, headers, body } = await answered(at, `${trees}/a/exec`, { headers: otherProtocol });
    expect([status, headers.location, headers['content-type']]).toEqual([503, undefined, 'text/plain; charset=utf-8']);
    expect(body).toBe(`invalid upgrade response: status code ${code}\n`);
  });
});

describe('a backend that does not answer', () => {
  const unavailable = { status: 503, body: 'service unavailable\n' };

  test.each(['False', 'Unknown'])('as its condition says (%s) is not even asked', async (available) => {
    const at = await behind(echo, undefined, available);
    expect(await answered(at, trees)).toMatchObject(unavailable);
    expect(at.dialled).toEqual([]);
  });

  test('because there is no such Service', async () => {
    const service = { namespace: 'shop', name: 'gone', port: 443 };
    const at = await front(trust, { port: 1 }, new StoredApiServices(apiService(trust.pki, { service })));
    expect(await answered(at, trees)).toMatchObject(unavailable);
  });

  test('because nobody is there', async () => {
    const at = await front(trust, { port: 1 }, new StoredApiServices(apiService(trust.pki)));
    const why = 'error trying to reach service: dial tcp 10.0.0.1:8443: connect: connection refused\n';
    expect(await answered(at, trees)).toMatchObject({ status: 503, body: why });
  });

  test('to who asks for another protocol, because nobody is there', async () => {
    const at = await front(trust, { port: 1 }, new StoredApiServices(apiService(trust.pki)));
    const why = 'error dialing backend: dial tcp 10.0.0.1:8443: connect: connection refused\n';
    expect(await answered(at, `${trees}/a/exec`, { headers: otherProtocol })).toMatchObject({ status: 503, body: why });
  });

  test('with a certificate that is believed is none, unless everybody is', async () => {
    const server = await backendServer(trust, echo);
    const { pki } = await trusted();
    const strangers = Buffer.from(pki.ca).toString('base64');
    const to = async (spec: object) =>
      answered(await front(trust, server, new StoredApiServices(apiService(trust.pki, spec))), trees);
    const refused = await to({ caBundle: strangers });
    expect([refused.status, refused.body]).toEqual([503, expect.stringContaining('unknown authority')]);
    expect((await to({ caBundle: undefined, insecureSkipTLSVerify: true })).status).toBe(201);
  });

  test('in the middle of its answer ends that answer, and no other', async () => {
    const open: { destroy(): void }[] = [];
    const at = await behind((request, response) => {
      if (request.url === trees) open.push(response);
      response.write('begun');
    });
    const [first, second] = [ask(at, trees).end(), ask(at, `${trees}?watch=1`).end()];
    const [[broken], [whole]] = (await Promise.all([once(first, 'response'), once(second, 'response')])) as [
      [IncomingMessage],
      [IncomingMessage],
    ];
    await Promise.all([once(broken, 'data'), once(whole, 'data')]);
    const failed = once(broken, 'error');
    open[0]!.destroy();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(whole.destroyed).toBe(false);
    whole.destroy();
  });

  test('keeps no more than a bounded number waiting; those who watch are not counted', async () => {
    const at = await behind(() => {});
    const { ctx, controller } = childContext(at.ctx);
    const handled = (line: string) => {
      const request = requestFor(`GET ${line}`);
      return at.delegation.handle({ request, info: parseRequestInfo(request), user: ann }, ctx)!;
    };
    const watching = handled(`${trees}?watch=1`);
    const waiting = Array.from({ length: 200 }, () => handled(trees));
    await expect(handled(trees)).rejects.toMatchObject({ code: 429, details: { retryAfterSeconds: 1 } });
    const all = Promise.allSettled([watching, ...waiting]);
    controller.abort(new Error('gone'));
    const reasons = (await all).map((each) => each.status === 'rejected' && each.reason.message);
    expect(new Set(reasons)).toEqual(new Set(['gone']));
    await expect(handled(trees)).rejects.toThrow('gone');
  });
});

describe('callers of this process', () => {
  async function call(line: string, listener: RequestListener) {
    const at = await behind(listener);
    const request = { ...requestFor(line), wantsObjects: true };
    const user = { username: 'system:serviceaccount:kube-system:namespace-controller', groups: [] };
    return { at, answer: await at.delegation.handle({ request, info: parseRequestInfo(request), user }, at.ctx)! };
  }
  const saying =
    (status: number, body: unknown): RequestListener =>
    (_request, response) =>
      void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

  const list = { kind: 'TreeList', metadata: {}, items: [{ metadata: { name: 'a' } }] };
  const status = { kind: 'Status', code: 404, reason: 'NotFound' };

  test.each([
    [200, list],
    [404, status],
  ])('get objects: %d', async (code, body) => {
    const { answer } = await call(`GET ${trees}`, saying(code, body));
    expect(answer).toEqual({ kind: 'object', status: code, object: body });
  });

  test.each<[string, number, unknown, number]>([
    ['no JSON', 200, '<html>', 502],
    ['a list of anything', 200, { ...list, items: [{}] }, 502],
    ['something without metadata', 200, { kind: 'Tree' }, 502],
    ['a page', 500, 'broken', 500],
  ])('get none that is %s', async (_what, code, body, expected) => {
    await expect(call(`GET ${trees}`, saying(code, body))).rejects.toMatchObject({ code: expected });
  });

  test('get the events of a watch until it ends, or says something else', async () => {
    const event = (name: string) => JSON.stringify({ type: 'ADDED', object: { metadata: { name } } });
    const { answer, at } = await call(`GET ${trees}?watch=1`, (_request, response) => {
      response.write(`${event('a')}\n${event('b').slice(0, 9)}`);
      setImmediate(() => response.end(`${event('b').slice(9)}\n{"type":"ADDED"}\n${event('c')}\n`));
    });
    const names: (string | undefined)[] = [];
    const writeEvents = (events: readonly { object: { metadata: { name?: string } } }[]) => {
      for (const { object } of events) names.push(object.metadata.name);
      return true;
    };
    await (answer as WatchResponse).run({ writeEvents } as never, at.ctx);
    expect(names).toEqual(['a', 'b']);
  });
});
