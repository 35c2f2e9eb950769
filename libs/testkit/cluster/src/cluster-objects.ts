import type { CoreEvent } from '@kubernest/kinds';
import { turnsTaken } from '@kubernest/kit';
import type { Json, KubeObject, ResourceRef } from '@kubernest/meta';
import { until } from '@kubernest/testkit/server';
import { ControlPlane } from './control-plane.ts';

/** What the administrator makes, changes and looks at: in `default`, unless an object says otherwise or is in no namespace. */
export class ClusterObjects extends ControlPlane {
  async all<T extends KubeObject = KubeObject>(ref: ResourceRef, namespace?: string): Promise<readonly T[]> {
    const { items } = await this.admin.resource<T>(ref).list(namespace ? { namespace } : {}, this.ctx);
    return items;
  }

  async find<T extends KubeObject>(ref: ResourceRef, name: string): Promise<T | undefined> {
    return (await this.all<T>(ref)).find(({ metadata }) => metadata.name === name);
  }

  /** Its status is written, too. */
  async make<T extends KubeObject>(ref: ResourceRef, object: T): Promise<T> {
    const metadata = { ...this.#place(ref), ...object.metadata };
    const made = await this.admin.resource<T>(ref).create({ ...object, metadata }, {}, this.ctx);
    const { status } = object as { readonly status?: object };
    return status ? this.admin.resource<T>(ref).updateStatus({ ...made, status }, {}, this.ctx) : made;
  }

  /** A merge patch. */
  patch(ref: ResourceRef, name: string, body: object, subresource?: 'status'): Promise<KubeObject> {
    const patch = { type: 'merge', body: body as Json, ...(subresource ? { subresource } : {}) } as const;
    return this.admin.resource(ref).patch({ ...this.#place(ref), name }, patch, {}, this.ctx);
  }

  /** Hangs on a watch until the object is as wanted; `undefined` is: it is not there. */
  async until<T extends KubeObject>(ref: ResourceRef, name: string, wanted: (object?: T) => boolean): Promise<T> {
    const api = this.admin.resource<T>(ref);
    return (await until(api, { ...this.#place(ref), fieldSelector: `metadata.name=${name}` }, wanted, this.ctx)) as T;
  }

  /** `Reason: message` of each Event, in the order they came. */
  async events(about?: string): Promise<readonly string[]> {
    const events = await this.all<CoreEvent>({ group: '', version: 'v1', resource: 'events' });
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

  #place({ group, resource }: ResourceRef): { readonly namespace?: string } {
    const { definitions } = this.catalog.current;
    const isNamespaced = definitions.find((each) => each.group === group && each.plural === resource)?.namespaced;
    return isNamespaced ? { namespace: 'default' } : {};
  }
}
