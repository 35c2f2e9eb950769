import type { KubeObject } from '@kubernest/meta';

export type Spec = { readonly [key: string]: unknown };

/** What a widespread project declares, in its shape, and what its objects must come through. */
export interface Project {
  /** As somebody installs it. */
  readonly definition: { readonly metadata: { readonly name: string }; readonly spec: Spec };
  /** The first object, in the version that is stored or in another, with fields that nobody knows. */
  readonly sent: KubeObject & { readonly spec: Spec };
  /** The unknown fields, in the words of the warnings. */
  readonly unknown: readonly string[];
  /** What is read of it in each served version: pruned, defaulted, converted. */
  readonly read: Readonly<Record<string, Spec>>;
  /** Merge patches that its schema refuses, and how that is told. */
  readonly refused: readonly (readonly [patch: object, told: string])[];
  /** A merge patch, and what the spec holds then. */
  readonly change: { readonly patch: object; readonly spec: Spec };
  /** Two who apply a spec of one more object, what is there then, and what the second may not take from the first. */
  readonly applied: {
    readonly first: Spec;
    readonly second: Spec;
    readonly both: Spec;
    readonly conflict: Spec;
    readonly told: string;
  };
  /** What its controller says, and what is kept of it. */
  readonly status: { readonly sent: Spec; readonly kept: Spec; readonly isApart: boolean };
  /** How many there are to be, as `kubectl scale` and autoscalers see it, after the status was told. */
  readonly scale?: { readonly selector: string; readonly replicas: number };
  /** What `kubectl get` shows. */
  readonly columns: readonly string[];
  readonly cells: readonly unknown[];
  /** A field selector that finds the first object, and not the second. */
  readonly selector?: string;
  /** What its webhook makes of an object. */
  readonly convert?: (object: KubeObject & { readonly spec: Spec }, to: string) => Spec;
}

export const text = { type: 'string' };
export const whole = { type: 'integer' };
export const truth = { type: 'boolean' };
export const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
export const oneOf = (...words: readonly string[]): Spec => ({ ...text, enum: words });
export const intOrText = {
  'x-kubernetes-int-or-string': true,
  anyOf: [{ type: 'integer' }, { type: 'string' }],
};
export const fields = (properties: Spec, ...required: readonly string[]): Spec => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});
export const list = (items: Spec): Spec => ({ type: 'array', items });
export const mapOf = (additionalProperties: Spec): Spec => ({ type: 'object', additionalProperties });
/** A list whose items are told apart by these fields. */
export const listBy = (keys: readonly string[], items: Spec): Spec => ({
  ...list(items),
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
});

/** As nearly every project has them. */
export const conditions = listBy(
  ['type'],
  fields(
    {
      type: { ...text, maxLength: 316 },
      status: oneOf('True', 'False', 'Unknown'),
      lastTransitionTime: { ...text, format: 'date-time' },
      reason: text,
      message: text,
      observedGeneration: { ...whole, format: 'int64', minimum: 0 },
    },
    'type',
    'status',
  ),
);

/** What every version of ours begins with. */
export const rooted = (spec: Spec, status: Spec = anything, ...required: readonly string[]): Spec => ({
  openAPIV3Schema: fields({ apiVersion: text, kind: text, metadata: { type: 'object' }, spec, status }, ...required),
});

export const ready = {
  name: 'Ready',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].status',
};
export const age = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
