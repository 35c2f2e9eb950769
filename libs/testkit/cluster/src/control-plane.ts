import { accessReviews } from '@kubernest/apiserver/access';
import { admissionPlugins } from '@kubernest/apiserver/admission';
import { authenticators, type TokenAuthority, tokenAuthority } from '@kubernest/apiserver/authn';
import { authorizers } from '@kubernest/apiserver/authz';
import type { ApiResponse, ApiServer, Catalog } from '@kubernest/apiserver/contract';
import { cutOffDialer } from '@kubernest/apiserver/dialer/testing';
import { builtinSubresources } from '@kubernest/apiserver/subresources';
import { type Client, createClient, type Transport } from '@kubernest/client';
import { type Context, FakeClock, turnsTaken } from '@kubernest/kit';
import { newServiceAccountKey, tokenSigner } from '@kubernest/pki';
import type { Store } from '@kubernest/store/contract';
import {
  type Answer,
  answerOf,
  type ServerParts,
  type TestServer,
  Traffic,
  testServer,
} from '@kubernest/testkit/server';
import { admin, type Caller, requestAs } from './callers.ts';

export const ranges = { serviceCidr: '10.96.0.0/16', nodePorts: { first: 30000, last: 32767 } };

const key = newServiceAccountKey();

/** The API server with all its doors: real authentication, authorization, admission and reviews. */
export class ControlPlane implements AsyncDisposable {
  readonly server: ApiServer;
  readonly store: Store;
  readonly clock: FakeClock;
  readonly ctx: Context & { readonly clock: FakeClock };
  /** What the API server serves. */
  readonly catalog: Catalog;
  /** Between the controllers and the API server. */
  readonly traffic = new Traffic();
  /** The administrator's. */
  readonly admin: Client;

  protected constructor(
    private readonly api: TestServer,
    readonly tokens: TokenAuthority,
  ) {
    const { server, store, clock, ctx } = api;
    this.server = server;
    this.store = store;
    this.clock = clock;
    this.ctx = { ...ctx, clock };
    this.catalog = server.catalog;
    this.admin = this.as(admin.user!, admin.groups);
  }

  protected static async open(parts: Pick<ServerParts, 'store' | 'catalog'>): Promise<[TestServer, TokenAuthority]> {
    const signer = tokenSigner([await key]);
    const tokens = tokenAuthority({ signer, issuer: 'https://issuer', audiences: ['api'] });
    const api = await testServer({
      ...parts,
      clock: new FakeClock(undefined, turnsTaken),
      authenticators: authenticators(tokens),
      authorizers,
      admission: admissionPlugins(ranges),
      subresources: (core) => builtinSubresources({ dialer: cutOffDialer(core.read), tokens }),
      virtual: (core) => accessReviews(core, tokens),
    });
    return [api, tokens];
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.api[Symbol.asyncDispose]();
  }

  /** Whoever it is, for himself. */
  as(username: string, groups: readonly string[] = []): Client {
    return createClient(this.transport(username, groups));
  }

  protected transport(username: string, groups: readonly string[]): Transport {
    return this.api.transport(username, [...groups, 'system:authenticated']);
  }

  /** `call(admin, 'POST /api/v1/namespaces', body)`, as it comes over TLS. */
  async call(as: Caller, line: string, body?: unknown): Promise<Answer> {
    return answerOf(await this.handle(as, line, body), line);
  }

  /** The same, with whatever the answer is: a watch, a stream. */
  handle(as: Caller, line: string, body?: unknown): Promise<ApiResponse> {
    return this.server.handle(requestAs(as, line, body), this.ctx);
  }

  /** Rules answer from the watch cache, which hears of a write a moment after its writer. A list is answered when it has heard of all there were. */
  async caughtUp(): Promise<void> {
    await this.call(admin, 'GET /api/v1/namespaces?limit=1');
  }

  /** Makes a cluster role of that name and binds it to the user (or group) of that name, who may do that from now on. */
  async grant(name: string, rules: readonly object[], kind: 'User' | 'Group' = 'User'): Promise<void> {
    const apiGroup = 'rbac.authorization.k8s.io';
    const metadata = { name };
    const roleRef = { apiGroup, kind: 'ClusterRole', name };
    const subjects = [{ apiGroup, kind, name }];
    await this.call(admin, `POST /apis/${apiGroup}/v1/clusterroles`, { metadata, rules });
    await this.call(admin, `POST /apis/${apiGroup}/v1/clusterrolebindings`, { metadata, roleRef, subjects });
    await this.caughtUp();
  }
}
