import type { Schema } from '@kubernest/meta';
import type { FindBodyType, ResourceDefinition } from '../definition.ts';
import { type GroupVersionKind, tagOf } from './names.ts';
import type { Parameter } from './parameters.ts';

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
export type KindWithSchema = GroupVersionKind & { readonly schema: Schema };
export type Payload =
  | { readonly kind: KindWithSchema }
  | { readonly list: KindWithSchema }
  | { readonly meta: string }
  | 'text';

/** One operation, in a form from which either version of OpenAPI is written. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly tag: string;
  readonly type: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  readonly body?: Payload | 'patch';
  readonly answer: Payload;
  readonly created?: boolean;
  readonly accepted?: boolean;
}

/** Where the operations of a definition are found, in one namespace or in all. */
export interface Place {
  readonly definition: ResourceDefinition;
  readonly collection: string;
  readonly scope: readonly Parameter[];
  /** `NamespacedPod` or `Node`. */
  readonly noun: string;
  readonly findBodyType: FindBodyType;
}

/** What every operation at a place says. */
export function base(place: Place, path: string, type: GroupVersionKind) {
  return { path, type: { group: type.group, version: type.version, kind: type.kind }, tag: tagOf(place.definition) };
}
