import type { Schema, StructSchema } from '@kubernest/meta';
import type { FindBodyType, ResourceDefinition } from '../definition.ts';
import { type GroupVersionKind, tagOf } from './names.ts';
import { mergeParameters, type Parameter, pretty } from './parameters.ts';

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete' | 'head' | 'options';
export type KindWithSchema = GroupVersionKind & { readonly schema: Schema };
export type Payload =
  | { readonly kind: KindWithSchema }
  | { readonly list: KindWithSchema }
  | { readonly meta: string }
  | { readonly struct: StructSchema }
  | 'text';

/** What is sent, and in which forms. */
export interface Body {
  readonly payload: Payload | 'patch';
  readonly media: readonly string[];
  readonly required: boolean;
}

/** One operation, told so that either version of OpenAPI can be written from it. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  readonly description: string;
  readonly id: string;
  readonly tag: string;
  /** `x-kubernetes-action`, and the kind that it is done to; what is said of no kind has neither. */
  readonly action?: string;
  readonly type?: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  readonly body?: Body;
  readonly answer: Payload;
  /** In which forms it is answered. */
  readonly media: readonly string[];
  readonly created?: boolean;
  readonly accepted?: boolean;
}

/** Where the objects of a kind are found. */
export interface Place {
  readonly definition: ResourceDefinition;
  readonly collection: string;
  readonly scope: readonly Parameter[];
  readonly findBodyType: FindBodyType;
  /** `NamespacedPod` or `Node`. */
  readonly noun: string;
  /** Of what list: `ForAllNamespaces`. */
  readonly reach?: string;
}

const textForms = ['application/json', 'application/yaml'];
const freePatches = ['application/json-patch+json', 'application/merge-patch+json'];
const apply = 'application/apply-patch+yaml';
export const objectMedia = [...textForms, 'application/vnd.kubernetes.protobuf'];
export const anything = ['*/*'];

/** The forms that a kind is sent and answered in: a custom kind has no protobuf, and nothing that says how its lists are merged. */
export function formsOf({ customSchema, verbs }: ResourceDefinition) {
  if (customSchema) return { answer: textForms, list: textForms, body: textForms, patch: [...freePatches, apply] };
  const streams = verbs.includes('watch')
    ? ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']
    : [];
  const patch = [...freePatches, 'application/strategic-merge-patch+json', apply];
  return { answer: objectMedia, list: [...objectMedia, ...streams], body: anything, patch };
}

/** What every operation on a kind has. */
export function base(place: Place, path: string, type: GroupVersionKind) {
  return { path, type: { group: type.group, version: type.version, kind: type.kind }, tag: tagOf(place.definition) };
}

/** Those of the place and of the operation, each once. */
export const parametersAt = (place: Place, ...sets: readonly (readonly Parameter[])[]): readonly Parameter[] =>
  mergeParameters(place.scope, [pretty], ...sets);
