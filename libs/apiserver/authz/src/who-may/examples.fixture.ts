import type { ResourceDefinition } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { inScope, root } from './paths.fixture.ts';

/** What no two objects may hold: left to the server. */
const heldAlone = new Set(['clusterIP', 'clusterIPs', 'nodePort']);

/** A kind's example under another name. */
export function example({ example: it }: ResourceDefinition, name: string): KubeObject {
  const { namespace, labels, annotations } = (it as KubeObject).metadata;
  const text = JSON.stringify(it, (key, value) => (heldAlone.has(key) ? undefined : value));
  return { ...(JSON.parse(text) as KubeObject), metadata: { name, namespace, labels, annotations } };
}

/** Where it stands. `before`: what comes between the version and the rest. */
export const placeOf = (definition: ResourceDefinition, before = ''): string =>
  `${root(definition)}${before}${inScope(example(definition, '').metadata.namespace)}/${definition.plural}`;
