import { builtinKinds, type ResourceDefinition } from '@kubernest/kinds';
import { type WidePath, widened, widePaths } from '@kubernest/kinds/testing';
import type { Json, KubeObject } from '@kubernest/meta';
import type { HostileRequest } from './bodies.ts';

/** A legal size: with what the server adds, still below what the store takes. */
export const WIDE_BYTES = 1_350_000;

/** One object that is as wide as may be at one place, and what is done to it from its creation to its end. */
export interface WideObject {
  /** `Node status.allocatable` */
  readonly name: string;
  readonly requests: readonly HostileRequest[];
}

/** Every kind served, wide at every list and map it has, or at one in `every`. `bytes`: of each object. */
export function* wideObjects(bytes: number, { kinds = builtinKinds, every = 1 } = {}): Generator<WideObject> {
  let seen = 0;
  for (const definition of kinds)
    for (const path of widePaths(definition)) {
      if (seen++ % every !== 0) continue;
      const sent = new Sent(definition, path, bytes);
      const requests = definition.virtual ? [sent.create()] : sent.life();
      yield { name: `${definition.kind} ${path.join('.')}`, requests };
    }
}

class Sent {
  readonly #count: number;

  constructor(
    private readonly definition: ResourceDefinition,
    private readonly path: WidePath,
    bytes: number,
  ) {
    // The more there are, the longer are their numbers.
    const fitting = (count: number): number => Math.floor((count * bytes) / JSON.stringify(this.#wide(count)).length);
    this.#count = fitting(fitting(1000));
  }

  create(): HostileRequest {
    return this.#request('POST', '', this.#wide(this.#count));
  }

  /** What is refused when it is created is there all the same to be changed: as the kind's example. */
  life(): readonly HostileRequest[] {
    const { definition, path } = this;
    const subresource = path[0] === 'status' && definition.statusSubresource ? '/status' : '';
    const changed = this.#wide(this.#count - 1);
    const told = definition.unconditionalUpdate === false;
    return [
      this.create(),
      this.#request('POST', '', this.#named(definition.example as unknown as Json)),
      this.#request(told ? 'PATCH' : 'PUT', `/wide${subresource}`, changed),
      this.#request('PATCH', '/wide', { metadata: { labels: { changed: 'yes' } } }),
      this.#request('DELETE', '/wide', { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' }),
      this.#request('PATCH', '/wide', { metadata: { finalizers: null } }),
      this.#request('DELETE', '/wide', { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 }),
    ];
  }

  #wide(count: number): Json {
    return this.#named(widened(this.definition, this.definition.example as unknown as Json, this.path, count));
  }

  #named(object: Json): Json {
    const { metadata, ...rest } = object as unknown as KubeObject;
    const place = this.definition.namespaced ? { namespace: 'hostile' } : {};
    return { ...rest, metadata: { ...metadata, name: 'wide', ...place } } as unknown as Json;
  }

  #request(method: string, below: string, body: Json): HostileRequest {
    const { group, version, plural, namespaced, kind } = this.definition;
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    return {
      name: `${method} ${kind}${below.replace('/wide', '')}: ${this.path.join('.')}`,
      method,
      path: `${root}${namespaced ? '/namespaces/hostile' : ''}/${plural}${below}`,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    };
  }
}
