import type { Json } from './object.ts';

/**
 * What a value must be like, as a custom resource's schema says it: a tree beside the schema that tells the value's shape. Each check looks only
 * at values of its own type: `maxLength` at texts, `required` at objects.
 */
export interface ValueChecks {
  /** JSON's names of types, one of which it must have. */
  readonly types?: readonly ValueType[];
  readonly nullable?: boolean;
  /** `date`, `int32`; only those that are checked. */
  readonly format?: string;
  readonly enum?: readonly Json[];

  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;

  /** In characters. */
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: Pattern;

  readonly maxItems?: number;
  readonly minItems?: number;
  readonly items?: ValueChecks;

  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ValueChecks>>;
  /** Of members that `properties` does not name; false: there must be none. */
  readonly others?: ValueChecks | false;

  readonly allOf?: readonly ValueChecks[];
  readonly anyOf?: readonly ValueChecks[];
  readonly oneOf?: readonly ValueChecks[];
  readonly not?: ValueChecks;
}

export type ValueType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** A regular expression that takes time linear in the text. */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}
