import { reconcileDefaults } from '@kubernest/apiserver/authz';
import { createClient, createInformerSet } from '@kubernest/client';
import { type Controller, controllerEngine } from '@kubernest/controllers/engine';
import { childContext } from '@kubernest/kit';
import type { ServerParts } from '@kubernest/testkit/server';
import { admin } from './callers.ts';
import { ClusterNodes } from './cluster-nodes.ts';

export interface ClusterOptions extends Pick<ServerParts, 'store' | 'catalog'> {
  /** They run, each as its own account, with the role that is made from what it declares. None unless given. */
  readonly controllers?: readonly Controller[];
}

/** The real control plane in memory: every stage and plugin, the default roles and namespaces, and controllers. */
export class TestCluster extends ClusterNodes {
  #controllers: readonly Controller[] = [];
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;

  static async start({ controllers = [], ...parts }: ClusterOptions): Promise<TestCluster> {
    const cluster = new TestCluster(...(await TestCluster.open(parts)));
    await reconcileDefaults(cluster.server.core, controllers, cluster.ctx);
    cluster.#controllers = controllers;
    if (controllers.length > 0) await cluster.run();
    else
      await cluster.call(admin, 'POST /api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
    return cluster;
  }

  /** One term of leadership of all controllers. */
  async run(): Promise<void> {
    const { ctx, controller } = childContext(this.ctx);
    const manager = this.transport('system:kube-controller-manager', []);
    const informers = createInformerSet(createClient(this.traffic.before(manager)));
    const engine = controllerEngine({
      controllers: this.#controllers,
      clientFor: ({ serviceAccount }) =>
        createClient(this.traffic.before(this.transport(...accountOf(serviceAccount)), serviceAccount)),
      informersFor: () => informers,
    });
    const { done } = await engine.start(ctx);
    this.#running = { stop: controller, done };
  }

  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.done.catch(() => {});
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await super[Symbol.asyncDispose]();
  }
}

const accountOf = (name: string): [username: string, groups: readonly string[]] => [
  `system:serviceaccount:kube-system:${name}`,
  ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
];

/** Without controllers it has the service account `default/default`, which one of them would make. */
export const testCluster = (options: ClusterOptions = {}): Promise<TestCluster> => TestCluster.start(options);
