import { accessReviews } from '@kubernest/apiserver/access';
import { admissionPlugins } from '@kubernest/apiserver/admission';
import { authenticators, type TokenAuthority, tokenAuthority } from '@kubernest/apiserver/authn';
import { authorizers, reconcileDefaults } from '@kubernest/apiserver/authz';
import { type ApiRequest, type ApiResponse, type ApiServer, Catalog } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { createApiServer } from '@kubernest/apiserver/handlers';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { builtinKinds, findBodyType } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { newServiceAccountKey, tokenSigner } from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import { memoryStore } from '@kubernest/store/memory';

/** The API server with all its doors and nothing behind them: real authentication, authorization, admission and reviews, in memory. */
export interface TestApi extends AsyncDisposable {
  readonly server: ApiServer;
  readonly store: Store;
  readonly tokens: TokenAuthority;
  readonly ctx: Context & { readonly clock: FakeClock };
  /** `call(admin, 'POST /api/v1/namespaces', body)` */
  call(as: Caller, line: string, body?: unknown): Promise<Answer>;
  /** The same, with whatever the answer is: a watch, a stream. */
  handle(as: Caller, line: string, body?: unknown): Promise<ApiResponse>;
  /** Makes a cluster role of that name and binds it to the user (or group) of that name. */
  grant(name: string, rules: readonly object[], kind?: 'User' | 'Group'): Promise<void>;
  /** Rules answer from the watch cache, which hears of a write a moment after its writer. */
  eventually(ask: () => Promise<Answer>, status: number): Promise<Answer>;
}

/** Whom a client certificate or a token proves, and what else the request says of itself. */
export interface Caller {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into whatever came
  readonly object: any;
}

export const admin: Caller = { user: 'kubernetes-admin', groups: ['system:masters'] };
export const kubelet = (node: string): Caller => ({ user: `system:node:${node}`, groups: ['system:nodes'] });

export const ranges = { serviceCidr: '10.96.0.0/16', nodePorts: { first: 30000, last: 32767 } };

/** Started, on a store of its own unless given, with the default roles and namespaces made, and the service account `default/default`. */
export async function testApi(parts: { readonly store?: Store; readonly catalog?: Catalog } = {}): Promise<TestApi> {
  const stop = new AbortController();
  const clock = new FakeClock();
  const ctx = { signal: stop.signal, clock, log: silentLogger };
  const { store = memoryStore({ clock }), catalog = new Catalog(builtinKinds) } = parts;
  const signer = tokenSigner([await newServiceAccountKey()]);
  const tokens = tokenAuthority({ signer, issuer: 'https://i', audiences: ['api'] });
  const server = createApiServer({
    store,
    catalog,
    findBodyType,
    authenticators: authenticators(tokens),
    authorizers,
    admission: admissionPlugins(ranges),
    subresources: (core) =>
      builtinSubresources({
        tokens,
        dialer: cutOffDialer(core.read),
      }),
    virtual: (core) => accessReviews(core, tokens),
    version: { gitVersion: 'v1.36.0+kubernest', major: '1', minor: '36' },
  });
  await server.start(ctx);
  await reconcileDefaults(server.core, [], ctx);
  const handle = (as: Caller, line: string, body?: unknown) => server.handle(requestOf(as, line, body), ctx);
  const call = async (as: Caller, line: string, body?: unknown) => answerOf(await handle(as, line, body));
  await call(admin, 'POST /api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  return {
    ...{ server, store, tokens, ctx, call, handle, eventually },
    grant: (name, rules, kind = 'User') => grant(call, name, rules, kind),
    [Symbol.asyncDispose]: async () => stop.abort(),
  };
}

async function grant(call: TestApi['call'], name: string, rules: readonly object[], kind: string): Promise<void> {
  const apiGroup = 'rbac.authorization.k8s.io';
  const url = `POST /apis/${apiGroup}/v1`;
  const roleRef = { apiGroup, kind: 'ClusterRole', name };
  await call(admin, `${url}/clusterroles`, { metadata: { name }, rules });
  await call(admin, `${url}/clusterrolebindings`, {
    metadata: { name },
    roleRef,
    subjects: [{ apiGroup, kind, name }],
  });
}

function requestOf(as: Caller, line: string, body: unknown): ApiRequest {
  const [method, url] = line.split(' ') as [string, string];
  const [path, query] = url.split('?');
  const certificate = as.user && {
    commonName: as.user,
    organizations: as.groups ?? [],
    fingerprint: 'AA',
    notBefore: new Date(0),
    notAfter: new Date(8.64e15),
  };
  return {
    method,
    path: path!,
    query: new URLSearchParams(query),
    headers: {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      ...(as.token ? { authorization: `Bearer ${as.token}` } : {}),
      ...as.headers,
    },
    peer: { address: '127.0.0.1', ...(certificate ? { certificate } : {}) },
    body: async () => Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  };
}

function answerOf(answer: ApiResponse): Answer {
  if (answer.kind !== 'bytes') throw new Error(`unexpected ${answer.kind}`);
  const text = Buffer.concat(answer.body).toString();
  return { status: answer.status, object: text.startsWith('{') ? JSON.parse(text) : text };
}

async function eventually(ask: () => Promise<Answer>, status: number): Promise<Answer> {
  for (let turn = 0; turn < 1000; turn++) {
    const answer = await ask();
    if (answer.status === status) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never answered ${status}`);
}
