import type { Client } from '@kubernest/client';
import type { Deployment, Pod } from '@kubernest/kinds';
import { refs } from './refs.ts';
import { ctx, Seen } from './seen.ts';

/** A Deployment and every pod it ever had. */
export class Deployed implements Disposable {
  private constructor(
    private readonly key: { readonly namespace: string; readonly name: string },
    private readonly pods: Seen<Pod>,
  ) {}

  static async create(client: Client, namespace: string, name: string, replicas: number): Promise<Deployed> {
    const pods = await Seen.from<Pod>(client, refs.pods, namespace);
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'idle:1' }] } };
    const object: Deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name },
      spec: { replicas, selector: { matchLabels: labels }, template },
    };
    await client.resource<Deployment>(refs.deployments).create(object, {}, ctx);
    return new Deployed({ namespace, name }, pods);
  }

  async scale(client: Client, replicas: number): Promise<void> {
    const patch = { type: 'merge', body: { spec: { replicas } } } as const;
    await client.resource(refs.deployments).patch(this.key, patch, {}, ctx);
  }

  /** The nodes that each of its pods was ever said to be on, by the pod's uid. */
  get nodesOfPods(): ReadonlyMap<string, ReadonlySet<string>> {
    const pods = new Map<string, Set<string>>();
    for (const { object } of this.pods.events) {
      if (object.metadata.labels?.['app'] !== this.key.name) continue;
      const nodes = pods.get(object.metadata.uid!) ?? new Set();
      if (object.spec?.nodeName) nodes.add(object.spec.nodeName);
      pods.set(object.metadata.uid!, nodes);
    }
    return pods;
  }

  untilCreated(count: number): Promise<void> {
    return this.pods.until(() => this.nodesOfPods.size >= count);
  }

  untilBound(count: number): Promise<void> {
    return this.pods.until(() => [...this.nodesOfPods.values()].filter((nodes) => nodes.size > 0).length >= count);
  }

  untilGone(count: number): Promise<void> {
    return this.pods.until((events) => events.filter(({ type }) => type === 'DELETED').length >= count);
  }

  /** How many nodes each pod that ever was had: as many ones as replicas when nothing was done twice. */
  get bindings(): readonly number[] {
    return [...this.nodesOfPods.values()].map((nodes) => nodes.size);
  }

  [Symbol.dispose](): void {
    this.pods[Symbol.dispose]();
  }
}

export const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);
