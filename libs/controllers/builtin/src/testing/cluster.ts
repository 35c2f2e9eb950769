import { tokenAuthority } from '@kubernest/apiserver/authn';
import { reconcileDefaults } from '@kubernest/apiserver/authz';
import { type ApiServer, Catalog, type UserInfo } from '@kubernest/apiserver/contract';
import { loopbackTransport } from '@kubernest/apiserver/handlers';
import { type ApiCall, type Client, createClient, createInformerSet, type Transport } from '@kubernest/client';
import { type Controller, controllerEngine } from '@kubernest/controllers/engine';
import { builtinKinds, type CoreEvent, type Node, type Pod } from '@kubernest/kinds';
import { type Context, childContext, FakeClock, silentLogger, turnsTaken } from '@kubernest/kit';
import { type Json, type KubeObject, StatusError, wireMicroTime, wireTime } from '@kubernest/meta';
import { issueAuthority, newServiceAccountKey, signCertificate, tokenSigner } from '@kubernest/pki';
import { aggregationControllers, authorityControllers, builtinControllers } from '../index.ts';
import { refs } from '../shared/refs.ts';
import { serverOf } from './server.ts';

export interface ControllerWrite {
  readonly account: string;
  readonly verb: string;
  readonly group: string;
  /** `pods` or `pods/status` */
  readonly resource: string;
  readonly path: string;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

function writeOf(account: string, { method, path }: ApiCall): ControllerWrite | undefined {
  const verb = verbs[method];
  if (!verb) return undefined;
  const parts = path.split('?')[0]!.split('/').filter(Boolean);
  const group = parts[0] === 'api' ? '' : parts[1]!;
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const inner = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2]!);
  const [resource, name, subresource] = inner ? rest.slice(2) : rest;
  const collection = verb === 'delete' && name === undefined ? 'deletecollection' : verb;
  return { account, verb: collection, group, resource: `${resource}${subresource ? `/${subresource}` : ''}`, path };
}

type Ref = (typeof refs)[keyof typeof refs];
const clusterWide: ReadonlySet<Ref> = new Set([
  refs.nodes,
  refs.namespaces,
  refs.certificateSigningRequests,
  refs.clusterRoles,
  refs.customResourceDefinitions,
  refs.apiServices,
]);

const authority = issueAuthority('test', {
  signal: new AbortController().signal,
  clock: new FakeClock(),
  log: silentLogger,
});

export const testControllers: readonly Controller[] = [
  ...builtinControllers({ rootCa: 'PEM', clusterCidr: '10.244.0.0/16' }),
  ...authorityControllers({
    sign: async (terms, ctx) => signCertificate(await authority, terms, ctx),
    apiAddresses: () => ['192.0.2.1'],
    ownNodes: ['own'],
  }),
  ...aggregationControllers({ check: async () => {} }),
];

const asUser = (username: string, groups: readonly string[]): UserInfo => ({ username, groups: [...groups] });
const admin = asUser('kubernetes-admin', ['system:masters', 'system:authenticated']);
const accountUser = (name: string) =>
  asUser(`system:serviceaccount:kube-system:${name}`, [
    'system:serviceaccounts',
    'system:serviceaccounts:kube-system',
    'system:authenticated',
  ]);

/** The real control plane in memory: every stage and plugin; each controller acts as its own account with the role made from its declaration. */
export class TestCluster implements AsyncDisposable {
  readonly clock = new FakeClock(undefined, turnsTaken);
  /** What the API server serves. */
  readonly catalog = new Catalog(builtinKinds);
  readonly writes: ControllerWrite[] = [];
  /** Answers that no controller should get. */
  readonly refusals: string[] = [];
  /** Called before each write of a controller; throwing refuses it. */
  beforeWrite: (write: ControllerWrite) => void = () => {};
  /** What a call of a controller waits for. */
  gate: (call: ApiCall) => Promise<void> | undefined = () => undefined;
  /** Hands an event of a watch to the controllers' caches; what does it later makes them fall behind. */
  hand: (path: string, event: () => void) => void = (_path, event) => event();
  /** Called with each object that a controller or the controllers' caches are given: an answer, or what an event of a watch tells of. */
  given: (object: unknown) => void = () => {};
  readonly ctx: Context;
  readonly #life = new AbortController();
  readonly #server: ApiServer;
  readonly admin: Client;
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  private constructor(
    server: (clock: FakeClock, catalog: Catalog) => ApiServer,
    private readonly controllers: readonly Controller[],
  ) {
    this.#server = server(this.clock, this.catalog);
    this.ctx = { signal: this.#life.signal, clock: this.clock, log: silentLogger };
    this.admin = createClient(loopbackTransport(this.#server, admin));
  }

  static async start(controllers: readonly Controller[] = testControllers): Promise<TestCluster> {
    const key = await newServiceAccountKey();
    const tokens = tokenAuthority({ signer: tokenSigner([key]), issuer: 'https://issuer', audiences: ['api'] });
    const cluster = new TestCluster((clock, catalog) => serverOf(clock, { catalog, tokens }), controllers);
    await cluster.#server.start(cluster.ctx);
    await reconcileDefaults(cluster.#server.core, testControllers, cluster.ctx);
    await cluster.run();
    return cluster;
  }

  /** One term of leadership of all controllers. */
  async run(): Promise<void> {
    const { ctx, controller } = childContext(this.ctx);
    const user = asUser('system:kube-controller-manager', ['system:authenticated']);
    const transport = loopbackTransport(this.#server, user);
    const informers = createInformerSet(
      createClient({
        call: async (call, ctx) => this.#given(await transport.call(call, ctx)),
        watch: (call, onEvent, ctx) =>
          transport.watch(call, (event) => this.hand(call.path, () => onEvent(this.#given(event))), ctx),
      }),
    );
    const engine = controllerEngine({
      controllers: this.controllers,
      clientFor: ({ serviceAccount }) => createClient(this.#recorded(serviceAccount)),
      informersFor: () => informers,
    });
    const { done } = await engine.start(ctx);
    this.#running = { stop: controller, done };
  }

  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.done.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#life.abort();
  }

  #given<T extends { readonly object: unknown }>(answer: T): T {
    this.given(answer.object);
    return answer;
  }

  #recorded(account: string): Transport {
    const inner = loopbackTransport(this.#server, accountUser(account));
    return {
      watch: (call, onEvent, ctx) => inner.watch(call, onEvent, ctx),
      call: async (call, ctx) => {
        const write = writeOf(account, call);
        if (write) {
          this.writes.push(write);
          this.beforeWrite(write);
        }
        await this.gate(call);
        return inner.call(call, ctx).then(
          (answer) => this.#given(answer),
          (error: unknown) => {
            if (error instanceof StatusError && [400, 403, 405, 415, 422, 500].includes(error.code))
              this.refusals.push(`${account}: ${call.method} ${call.path}: ${error.message}`);
            throw error;
          },
        );
      },
    };
  }

  async all<T extends KubeObject = KubeObject>(ref: Ref, namespace?: string) {
    const { items } = await this.admin.resource<T>(ref).list(namespace ? { namespace } : {}, this.ctx);
    return items;
  }

  /** Acts as the administrator, in `default` unless the object says otherwise; its status is written, too. */
  async make<T extends KubeObject>(ref: Ref, object: T): Promise<T> {
    const metadata = { ...(clusterWide.has(ref) ? {} : { namespace: 'default' }), ...object.metadata };
    const made = await this.admin.resource<T>(ref).create({ ...object, metadata }, {}, this.ctx);
    const { status } = object as { readonly status?: object };
    return status ? this.admin.resource<T>(ref).updateStatus({ ...made, status }, {}, this.ctx) : made;
  }

  /** A merge patch to an object in `default`, or to one that is in no namespace. */
  patch(ref: Ref, name: string, body: object, subresource?: 'status'): Promise<KubeObject> {
    const key = clusterWide.has(ref) ? { name } : { namespace: 'default', name };
    const patch = { type: 'merge', body: body as Json, ...(subresource ? { subresource } : {}) } as const;
    return this.admin.resource(ref).patch(key, patch, {}, this.ctx);
  }

  /** Whoever it is, for himself. */
  as(username: string, groups: readonly string[]): Client {
    return createClient(loopbackTransport(this.#server, asUser(username, [...groups, 'system:authenticated'])));
  }

  /** Hangs on a watch until an object of no namespace is as wanted. */
  async untilIs<T extends KubeObject>(ref: Ref, name: string, wanted: (object: T) => boolean): Promise<T> {
    const { ctx, controller } = childContext(this.ctx);
    const found = Promise.withResolvers<T>();
    const options = { fieldSelector: `metadata.name=${name}` };
    const watching = this.admin.resource<T>(ref).watch(
      options,
      ({ object }) => {
        if (wanted(object as T)) found.resolve(object as T);
      },
      ctx,
    );
    watching.catch((error: unknown) => found.reject(error));
    return found.promise.finally(() => controller.abort());
  }

  async find<T extends KubeObject>(ref: Ref, name: string): Promise<T | undefined> {
    return (await this.all<T>(ref)).find(({ metadata }) => metadata.name === name);
  }

  /** `Reason: message` of each Event, in the order they came. */
  async events(about?: string): Promise<readonly string[]> {
    const events = await this.all<CoreEvent>(refs.events);
    return events
      .filter(({ involvedObject }) => !about || involvedObject.name === about)
      .sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1))
      .map(({ reason, message }) => `${reason}: ${message}`);
  }

  /** Time goes on only when all that it set off has been done. */
  async pass(milliseconds: number): Promise<void> {
    await turnsTaken();
    await this.clock.advance(milliseconds);
  }

  async addNode(name: string): Promise<void> {
    const nodes = this.admin.resource<Node>(refs.nodes);
    await nodes.create({ metadata: { name } }, {}, this.ctx);
    const now = wireTime(this.clock.now());
    const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: now, lastTransitionTime: now }];
    // A patch, as a kubelet sends it: controllers may have written meanwhile.
    const patch = { type: 'strategic', body: { status: { conditions } }, subresource: 'status' } as const;
    await nodes.patch({ name }, patch, {}, this.ctx);
    await this.renew(name);
  }

  async renew(name: string): Promise<void> {
    const leases = this.admin.resource(refs.leases);
    const key = { namespace: 'kube-node-lease', name };
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: wireMicroTime(this.clock.now()) };
    const body = { spec };
    await leases.patch(key, { type: 'merge', body }, {}, this.ctx).catch(async (error: unknown) => {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      await leases.create({ metadata: key, spec } as KubeObject, {}, this.ctx);
    });
  }

  /** What scheduler and kubelet do: every pod is bound to `node`, runs and is ready; one on its way out ends. */
  async runPods(node: string): Promise<void> {
    const api = this.admin.resource<Pod>(refs.pods);
    for (const pod of await this.all<Pod>(refs.pods)) {
      const key = { namespace: pod.metadata.namespace!, name: pod.metadata.name! };
      if (pod.metadata.deletionTimestamp) await api.delete(key, { gracePeriodSeconds: 0 }, this.ctx).catch(() => {});
      else if (!pod.spec?.nodeName)
        await api.subresource(
          key,
          'binding',
          'POST',
          { metadata: { name: key.name }, target: { kind: 'Node', name: node } },
          this.ctx,
        );
      else if (pod.status?.phase !== 'Running') {
        const ip = `10.244.0.${(Number.parseInt(pod.metadata.uid!.slice(0, 6), 16) % 250) + 1}`;
        const conditions = [
          { type: 'Ready', status: 'True', lastTransitionTime: wireTime(this.clock.now()) },
          { type: 'PodScheduled', status: 'True' },
        ];
        const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions };
        await api.updateStatus({ ...pod, status }, {}, this.ctx);
      }
    }
  }

  /** Until a while has passed without a write of a controller. */
  async converge(node = 'n1'): Promise<void> {
    for (let quiet = 0, rounds = 0; quiet < 3; rounds++) {
      if (rounds > 60) throw new Error(`does not settle; last writes: ${JSON.stringify(this.writes.slice(-5))}`);
      const before = this.writes.length;
      await this.renewAll();
      await this.runPods(node);
      await this.pass(1_600);
      quiet = this.writes.length === before ? quiet + 1 : 0;
    }
  }

  private async renewAll(): Promise<void> {
    for (const lease of await this.all(refs.leases, 'kube-node-lease')) await this.renew(lease.metadata.name!);
  }
}
