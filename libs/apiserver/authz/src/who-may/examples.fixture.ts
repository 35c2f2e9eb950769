import type { ResourceDefinition } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { inScope, root } from './paths.fixture.ts';

/** What no two objects may hold: left to the server. */
const heldAlone = new Set(['clusterIP', 'clusterIPs', 'nodePort']);

/** The name that an object called `name` has: that of a definition of others is said by what it defines. */
export const nameFor = ({ kind }: ResourceDefinition, name: string): string =>
  kind === 'CustomResourceDefinition' ? `${name}.example.com` : name;

/** Any name at all will do. */
export const isFreelyNamed = (definition: ResourceDefinition): boolean => nameFor(definition, 'any') === 'any';

/** A kind's example under another name. */
export function example(definition: ResourceDefinition, name: string): KubeObject {
  const { example: it } = definition;
  const { namespace, labels, annotations } = (it as KubeObject).metadata;
  const text = JSON.stringify(it, (key, value) => (heldAlone.has(key) ? undefined : value));
  const object = JSON.parse(text) as KubeObject & { spec?: { names?: object } };
  if (!isFreelyNamed(definition)) Object.assign(object.spec!.names!, { plural: name, singular: name });
  return { ...object, metadata: { name: nameFor(definition, name), namespace, labels, annotations } };
}

/** Where it stands. `before`: what comes between the version and the rest. */
export const placeOf = (definition: ResourceDefinition, before = ''): string =>
  `${root(definition)}${before}${inScope(example(definition, '').metadata.namespace)}/${definition.plural}`;
