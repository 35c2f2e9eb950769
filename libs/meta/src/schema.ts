import type { Json } from './object.ts';
import type { ValueChecks } from './value-checks.ts';

/**
 * What is known of a value's shape, for built-in kinds and CRDs alike. One graph of plain objects (named types are shared nodes and
 * may be cyclic), read by: strict decoding, defaulting, patches, managed fields, OpenAPI, protobuf. Never changed after it was made.
 */
export type Schema = StructSchema | MapSchema | ListSchema | ScalarSchema | AnySchema;

/** What a custom resource's schema may say of any value. Built-in kinds say nothing of it, so it costs them nothing. */
export interface NodeFacts {
  /** A null is a value here, and not the absence of one. */
  readonly nullable?: boolean;
  /** Stands in for a null where there is no field to leave out: an item of a list, a value of a map. */
  readonly default?: Json;
  /** Unknown fields are kept (CRDs, RawExtension), here and in what has no fields of its own; otherwise pruned, or refused under strict validation. */
  readonly preserveUnknownFields?: boolean;
  /** What the value must be like, checked by validation. */
  readonly checks?: ValueChecks;
}

export interface StructSchema extends NodeFacts {
  readonly type: 'struct';
  /** OpenAPI definition name where it has one: `io.k8s.api.core.v1.PodSpec`. */
  readonly name?: string;
  readonly description?: string;
  readonly fields: Readonly<Record<string, FieldSchema>>;
  /** Managed fields and apply treat it as one value (`x-kubernetes-map-type: atomic`). */
  readonly atomic?: boolean;
  /** What fields have that `fields` does not name; absent where there are none. */
  readonly others?: Schema;
  /** An object within an object: it has a kind and metadata of its own, whatever else is known of it. */
  readonly embeddedResource?: boolean;
  /** Of what somebody declared: how many times as long an object takes to judge as one of the same size that is only looked through. */
  readonly dearness?: number;
  /** Protobuf: this struct is written in another form than field by field. */
  readonly wire?: 'time' | 'microtime' | 'quantity' | 'intorstring' | 'rawextension' | 'fieldsv1';
}

export interface FieldSchema {
  readonly schema: Schema;
  /** Must be present for the object to be valid (checked by validation, not by decoding). */
  readonly required?: boolean;
  readonly description?: string;
  /** Filled in when absent, at any depth, before validation. */
  readonly default?: Json;
  /** Protobuf field number; absent where the kind is JSON only. */
  readonly protobuf?: number;
  /** Protobuf: the field is written into an embedded message, which has this number in the struct (`Volume`'s sources). */
  readonly protobufWithin?: number;
  /** Go: the field is one of that embedded type, which stands in the way to it (`VolumeSource`). */
  readonly embeddedIn?: string;
  /** Zero, false and '' differ from absent (a pointer in Go). Otherwise they are left out of JSON unless `alwaysPresent`. */
  readonly keepsZero?: boolean;
  /** Go keeps the empty value on the wire (no `omitempty`): matters for output fidelity and protobuf. */
  readonly alwaysPresent?: boolean;
  /** Strategic merge patch: how this field is patched. Absent means replace for lists and merge for structs. */
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[];
  /** With 'merge' on a list of structs: the field that tells items apart. Absent on a list of scalars: merged as a set. */
  readonly patchMergeKey?: string;
}

export interface MapSchema extends NodeFacts {
  readonly type: 'map';
  readonly values: Schema;
  /** Go's name of it, where it has one of its own: `v1.ResourceList`. */
  readonly goType?: string;
  readonly atomic?: boolean;
}

export interface ListSchema extends NodeFacts {
  readonly type: 'list';
  readonly items: Schema;
  /** atomic: one value; set: items are scalars, unique; map: structs told apart by `keys`. */
  readonly listType: 'atomic' | 'set' | 'map';
  readonly keys?: readonly string[];
}

export interface ScalarSchema extends NodeFacts {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string' | 'quantity';
  /** Of a text, Go's name of its type where it has one of its own: `v1.Protocol`. */
  readonly goType?: string;
  /** OpenAPI format: `date-time`, `micro-time`, `byte`, `int32`, `int64`, `double`. */
  readonly format?: string;
  readonly enum?: readonly string[];
}

/** Anything at all (JSON columns of CRDs, `x-kubernetes-preserve-unknown-fields` without a type). */
export interface AnySchema extends NodeFacts {
  readonly type: 'any';
  /** Where it is an object it has this shape, and where a list its items have. */
  readonly object?: StructSchema;
  /** Protobuf: how it is written; as JSON unless given. */
  readonly wire?: 'empty' | 'schema-or-list' | 'schema-or-boolean' | 'schema-or-names';
  /** What is known of it where it is an object: of these fields, and of those beside them. */
  readonly fields?: Readonly<Record<string, FieldSchema>>;
  readonly others?: Schema;
  /** What is known of its items where it is a list. */
  readonly items?: Schema;
  /** Nothing is known of objects in it, and nothing in them is kept (`additionalProperties: true`). */
  readonly keepsNoFields?: boolean;
}
