import type { ResourceDefinition } from '@kubernest/definitions';
import type { KubeObject } from '@kubernest/meta';
import { inScope, root } from './paths.fixture.ts';

/** What no two objects may hold: left to the server. */
const heldAlone = new Set(['clusterIP', 'clusterIPs', 'nodePort']);

/** Whose names say what they define: how they are called, and what their spec says where the object is called `name`. */
const namedByContent: Readonly<
  Record<string, readonly [name: (name: string) => string, spec: (name: string) => object]>
> = {
  CustomResourceDefinition: [
    (name) => `${name}.example.com`,
    (name) => ({ names: { plural: name, singular: name, kind: 'Lamp', listKind: 'LampList' } }),
  ],
  APIService: [(name) => `v1alpha1.${name}.example.com`, (name) => ({ group: `${name}.example.com` })],
};

/** The name that an object called `name` has. */
export const nameFor = ({ kind }: ResourceDefinition, name: string): string => namedByContent[kind]?.[0](name) ?? name;

/** Any name at all will do. */
export const isFreelyNamed = (definition: ResourceDefinition): boolean => nameFor(definition, 'any') === 'any';

/** A kind's example under another name. */
export function example(definition: ResourceDefinition, name: string): KubeObject {
  const { example: it } = definition;
  const { namespace, labels, annotations } = (it as KubeObject).metadata;
  const text = JSON.stringify(it, (key, value) => (heldAlone.has(key) ? undefined : value));
  const object = JSON.parse(text) as KubeObject & { spec?: object };
  const specOf = namedByContent[definition.kind]?.[1];
  if (specOf) Object.assign(object.spec!, specOf(name));
  return { ...object, metadata: { name: nameFor(definition, name), namespace, labels, annotations } };
}

/** Where it stands. `before`: what comes between the version and the rest. */
export const placeOf = (definition: ResourceDefinition, before = ''): string =>
  `${root(definition)}${before}${inScope(example(definition, '').metadata.namespace)}/${definition.plural}`;
