import {
  type AdmissionPlugin,
  type ApiRequest,
  type ApiServer,
  type ApiServerParts,
  Catalog,
  type UserInfo,
  type WatchResponse,
  wholeOf,
} from '@kubernest/apiserver/contract';
import { createApiServer } from '@kubernest/apiserver/handlers';
import { builtinKinds, findBodyType } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import type { WatchEvent } from '@kubernest/meta';
import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';

/** The real pipeline over the in-memory store, for specs. */
export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly ctx: Context;
  call(line: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Opens a watch; `next(n)` resolves with the next n events. */
  watch(url: string, headers?: Record<string, string>): Promise<TestWatch>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into whatever came
  readonly object: any;
}

export interface TestWatch {
  next(count: number): Promise<WatchEvent<never>[]>;
  readonly ended: Promise<void>;
  /** What arrived in one write each. */
  readonly chunks: readonly string[];
  stop(): void;
}

export async function testServer(
  parts: Partial<ApiServerParts> & { readonly plugins?: readonly AdmissionPlugin[] } = {},
): Promise<TestServer> {
  const clock = new FakeClock();
  const controller = new AbortController();
  const ctx: Context = { signal: controller.signal, clock, log: silentLogger };
  const { store = memoryStore({ clock }) } = parts;
  const server = createApiServer({
    catalog: new Catalog(builtinKinds),
    findBodyType,
    authenticators: () => [
      {
        name: 'header',
        authenticate: ({ headers }) => (headers['x-user'] ? { username: headers['x-user'], groups: [] } : undefined),
      },
    ],
    authorizers: () => [
      {
        name: 'all-but-eve',
        authorize: ({ user }) =>
          user.username === 'eve' || user.username === 'system:anonymous'
            ? { verdict: 'no-opinion', reason: '' }
            : { verdict: 'allow', reason: '' },
      },
    ],
    admission: () => parts.plugins ?? [],
    subresources: () => [],
    virtual: () => [],
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
    ...parts,
    store,
  });
  const { done } = await server.start(ctx);
  return {
    server,
    store,
    clock,
    ctx,
    call: (line, body, headers) => call(server, ctx, line, body, headers),
    watch: (url, headers) => openTestWatch(server, ctx, url, headers),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await done.catch(() => {});
    },
  };
}

/** `store`, with some of its methods behaving otherwise. */
export function storeWith(store: Store, instead: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = name in instead ? instead[name as keyof Store] : target[name as keyof Store];
      // Private members know only their own object.
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

export function requestFor(
  line: string,
  body?: unknown,
  headers: Record<string, string> = {},
  user?: UserInfo,
): ApiRequest {
  const [method = '', url = ''] = line.split(' ');
  const [path = '', query = ''] = url.split('?');
  const bytes =
    body === undefined
      ? new Uint8Array()
      : body instanceof Uint8Array
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: { 'x-user': 'ann', 'user-agent': 'spec/1', 'content-type': 'application/json', ...headers },
    peer: { address: '127.0.0.1', ...(user ? { loopback: user } : {}) },
    body: async () => bytes,
  };
}

async function call(
  server: ApiServer,
  ctx: Context,
  line: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer> {
  const response = await server.handle(requestFor(line, body, headers), ctx);
  if (response.kind !== 'bytes' && response.kind !== 'pieces')
    throw new Error(`${line} answered with a ${response.kind}`);
  const text = (await wholeOf(response)).toString();
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    object = undefined;
  }
  return { status: response.status, headers: response.headers, text, object };
}

async function openTestWatch(
  server: ApiServer,
  parent: Context,
  url: string,
  headers?: Record<string, string>,
): Promise<TestWatch> {
  const controller = new AbortController();
  const ctx = { ...parent, signal: AbortSignal.any([parent.signal, controller.signal]) };
  const response = await server.handle(requestFor(`GET ${url}`, undefined, headers), ctx);
  if (response.kind !== 'watch')
    throw new Error(Buffer.concat((response as { body: readonly Uint8Array[] }).body).toString());
  const chunks: string[] = [];
  const events: WatchEvent<never>[] = [];
  let wake = () => {};
  const ended = (response as WatchResponse).run(
    {
      writeBytes(bytes) {
        const text = Buffer.from(bytes).toString();
        chunks.push(text);
        for (const line of text.split('\n')) if (line !== '') events.push(JSON.parse(line));
        wake();
        return true;
      },
    },
    ctx,
  );
  return {
    chunks,
    ended,
    stop: () => controller.abort(),
    async next(count) {
      while (events.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return events.splice(0, count);
    },
  };
}
