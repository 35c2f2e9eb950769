import type { ResourceDefinition } from '@kubernest/definitions';
import { type WidePath, widened, widePaths } from '@kubernest/definitions/testing';
import { builtinKinds } from '@kubernest/kinds';
import type { Json, KubeObject } from '@kubernest/meta';
import type { HostileRequest } from './bodies.ts';

/** A legal size: with what the server adds, still below what the store takes. */
export const WIDE_BYTES = 1_350_000;

/** One object that is as wide as may be at one place, and what is done to it from its creation to its end. */
export interface WideObject {
  /** `Node status.allocatable` */
  readonly name: string;
  /** Made one by one, as each is large. */
  requests(): Iterable<HostileRequest>;
}

/** Every kind served, wide at every list and map it has, or at one in `every`. `bytes`: of each object. */
export function* wideObjects(bytes: number, { kinds = builtinKinds, every = 1 } = {}): Generator<WideObject> {
  let seen = 0;
  for (const definition of kinds)
    for (const path of widePaths(definition)) {
      if (seen++ % every !== 0) continue;
      yield {
        name: `${definition.kind} ${path.join('.')}`,
        requests: () => new Sent(definition, path, bytes).life(),
      };
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

  /** What is refused when it is created is there all the same to be changed: as the kind's example. */
  *life(): Generator<HostileRequest> {
    const { definition, path } = this;
    yield this.#request('POST', '', this.#wide(this.#count));
    if (definition.virtual) return;
    const subresource = path[0] === 'status' && definition.statusSubresource ? '/status' : '';
    const options = { kind: 'DeleteOptions', apiVersion: 'v1' };
    yield this.#request('POST', '', this.#named(definition.example as unknown as Json));
    const method = definition.allowUnconditionalUpdate === false ? 'PATCH' : 'PUT';
    yield this.#request(method, `/wide${subresource}`, this.#wide(this.#count - 1));
    yield this.#request('PATCH', '/wide', { metadata: { labels: { changed: 'yes' } } });
    yield this.#request('DELETE', '/wide', { ...options, propagationPolicy: 'Foreground' });
    yield this.#request('PATCH', '/wide', { metadata: { finalizers: null } });
    yield this.#request('DELETE', '/wide', { ...options, gracePeriodSeconds: 0 });
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
