import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type {
  AdmissionCall,
  AdmissionPlugin,
  ApiServerParts,
  BytesResponse,
  StreamResponse,
} from '@kubernest/apiserver/contract';
import { createListener } from '@kubernest/apiserver/listener';
import { forbidden } from '@kubernest/meta';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { type Backends, dialerTo, startSecured } from './backends.fixture.ts';
import { builtinSubresources } from './builtin-subresources.ts';

export const pods = '/api/v1/namespaces/space/pods';
export const container = (name: string) => ({ name, image: 'i', ports: [{ name: 'web', containerPort: 8080 }] });

/** A namespace with pods in several states, on the real pipeline; an echo answers in the place of a node's agent and of a pod. */
export interface TestSpace extends AsyncDisposable {
  readonly call: TestServer['call'];
  /** The text of a stream, or the Status of a refusal. */
  streamed(line: string, body?: unknown, headers?: Record<string, string>): Promise<Streamed>;
  makePod(name: string, spec?: object, status?: object): Promise<void>;
  /** `status` as its agent would write it. */
  makeNode(name: string, status: object): Promise<void>;
  /** POSTs, unless the path is a whole request line. */
  make(path: string, object: object): Promise<void>;
  /** Where the API server has connected to, `host:port`. */
  readonly dialled: string[];
  /** The API server's ends of its connections: with its clients, and with what it has dialled. */
  readonly sockets: { readonly served: Socket[]; readonly dialled: Socket[] };
  readonly clock: TestServer['clock'];
  /** Stands for every agent and pod, at ports 443 and 8443 behind TLS. */
  readonly backend: Server;
  /** The same API over HTTP on a port of this machine. */
  readonly port: number;
  /** What admission has seen being opened. */
  readonly connects: AdmissionCall[];
}

export type Streamed = Pick<StreamResponse, 'status' | 'headers'> & { readonly text: string };

export interface SpaceOptions extends Pick<Partial<ApiServerParts>, 'audit' | 'virtual'> {
  /** The API server uses a connection to a node or pod for one call after the other; else each dials anew. */
  readonly keepsConnections?: boolean;
  readonly plugins?: readonly AdmissionPlugin[];
}

export async function testSpace(options: SpaceOptions = {}): Promise<TestSpace> {
  const connects: AdmissionCall[] = [];
  const dialled: string[] = [];
  const sockets: TestSpace['sockets'] = { served: [], dialled: [] };
  const echo = await startEcho();
  const secured = await startSecured(echo);
  const api = await startServer({ echo, secured, dialled, sockets }, connects, options);
  const listener = createListener({ handler: api.server }, api.ctx);
  listener.server.on('connection', (socket) => sockets.served.push(socket));
  await once(listener.server.listen(0, '127.0.0.1'), 'listening');
  const space: TestSpace = {
    port: (listener.server.address() as AddressInfo).port,
    connects,
    dialled,
    sockets,
    clock: api.clock,
    backend: echo,
    make: (path, object) => made(api, path.includes(' ') ? path : `POST ${path}`, object),
    async makeNode(name, status) {
      await made(api, 'POST /api/v1/nodes', { metadata: { name } });
      await made(api, `PUT /api/v1/nodes/${name}/status`, { metadata: { name }, status });
    },
    call: api.call,
    streamed: (line, body, headers) => streamed(api, line, body, headers),
    makePod: (name, spec, status) => makePod(api, name, spec, status),
    async [Symbol.asyncDispose]() {
      listener.drain();
      listener.server.close();
      listener.server.closeAllConnections();
      await api[Symbol.asyncDispose]();
      for (const server of [echo, secured.server]) server.close();
    },
  };
  await space.makeNode('n', { addresses: [{ type: 'InternalIP', address: '10.0.0.9' }] });
  await space.makePod('one', { nodeName: 'n' }, { podIP: '10.0.0.1', phase: 'Running' });
  await space.makePod('two', { nodeName: 'n', containers: [container('a'), container('b')] }, { phase: 'Running' });
  await space.makePod('over', { nodeName: 'n' }, { phase: 'Succeeded' });
  await space.makePod('waiting', { nodeName: 'n' });
  await space.makePod('unbound');
  return space;
}

interface Given {
  readonly status?: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

const page = '<a href="/next">next</a>';
const answers: Readonly<Record<string, Given>> = {
  '/page': { headers: { 'content-type': 'text/html' }, body: page },
  '/xhtml': { headers: { 'content-type': 'application/xhtml+xml' }, body: page },
  '/packed': {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' },
    body: gzipSync(page),
  },
  '/old': { status: 302, headers: { location: '/new' } },
  '/at-home': { status: 302, headers: { location: 'http://[fd00::1]:8080/next' } },
  '/broken': { status: 418, headers: { 'x-kept': 'yes' }, body: 'teapot' },
  '/long-head': { headers: { 'x-long': 'x'.repeat(200_000) } },
  '/cookies': {
    headers: {
      'set-cookie': ['a=1; Path=/', 'kubernest-session=planted; Path=/ui', 'b=2, 3'],
      connection: 'x-hop',
      'x-hop': '1',
      'proxy-authenticate': '1',
      'access-control-allow-origin': '*',
      'access-control-max-age': '9',
    },
  },
};

/** Answers with what it was asked, but for the above. */
async function startEcho(): Promise<Server> {
  // A slow machine takes longer than it would keep a connection that idles.
  const echo = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const given = answers[request.url ?? ''];
    if (given) return void response.writeHead(given.status ?? 200, given.headers).end(given.body);
    if (request.url === '/mirror') return void request.pipe(response);
    if (request.url === '/trailers') {
      const trailers = { 'x-sum': '1', te: 'trailers', 'set-cookie': 'kubernest-session=planted' };
      response.write('body');
      response.addTrailers(trailers);
      return void response.end();
    }
    if (request.url === '/early') return void response.writeHead(413).end('enough');
    if (request.url?.includes('/containerLogs/space/waiting/'))
      return void response.writeHead(400).end('container "c" in pod "waiting" is waiting to start\n');
    let body = '';
    for await (const part of request) body += part;
    response.end(`${request.method} ${request.url} ${body} ${JSON.stringify(request.headers)}`);
  });
  echo.on('upgrade', (request, socket) => {
    socket.on('error', () => {});
    const seen = JSON.stringify({ url: request.url, headers: request.headers });
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${seen}`);
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  return echo;
}

/** Lets `reader` only get, and keeps `unwelcome` from opening anything. */
function startServer(
  backends: Backends,
  connects: AdmissionCall[],
  { keepsConnections = false, plugins = [], ...parts }: SpaceOptions,
): Promise<TestServer> {
  const tokens = { audiences: ['api'], issue: async () => ({ token: 'made', expiresAt: new Date() }) };
  return testServer({
    ...parts,
    subresources: (core) => builtinSubresources({ dialer: dialerTo(backends, core.read, keepsConnections), tokens }),
    authorizers: () => [
      {
        name: 'readers-only-read',
        authorize: ({ user, info }) =>
          user.username === 'reader' && info.verb !== 'get'
            ? { verdict: 'no-opinion', reason: '' }
            : { verdict: 'allow', reason: '' },
      },
    ],
    plugins: [
      ...plugins,
      {
        name: 'door',
        sees: { resources: ['pods'], subresources: ['*'], on: ['connect'] },
        validate: (call) => {
          connects.push(call);
          if (call.user.username === 'unwelcome')
            throw forbidden({ group: '', resource: 'pods', name: call.info.name! }, 'the door is shut');
        },
      },
    ],
  });
}

async function makePod(api: TestServer, name: string, spec: object = {}, status?: object): Promise<void> {
  const made = await api.call(`POST ${pods}`, { metadata: { name }, spec: { containers: [container('c')], ...spec } });
  if (made.status !== 201) throw new Error(`pod ${name} was not made: ${made.text}`);
  if (!status) return;
  const put = await api.call(`PUT ${pods}/${name}/status`, { ...made.object, status });
  if (put.status !== 200) throw new Error(`pod ${name} got no status: ${put.text}`);
}

async function made(api: TestServer, line: string, object: object): Promise<void> {
  const { status, text } = await api.call(line, object);
  if (status >= 400) throw new Error(`${line}: ${text}`);
}

async function streamed(
  api: TestServer,
  line: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Streamed> {
  const answer = (await api.server.handle(requestFor(line, body, headers), api.ctx)) as StreamResponse | BytesResponse;
  const parts: Uint8Array[] = [];
  if (answer.kind === 'bytes') parts.push(...answer.body);
  else
    await answer.run(
      {
        async write(bytes) {
          parts.push(bytes);
        },
      },
      api.ctx,
    );
  return { status: answer.status, headers: answer.headers, text: Buffer.concat(parts).toString() };
}
