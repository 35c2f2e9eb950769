import type { FieldError, JsonObject, KubeObject, StatusError, Steps } from '@kubernest/meta';
import type { OfEveryObject } from '@kubernest/structural';
import type { ValidationContext } from './definition.ts';

/**
 * How objects of a custom kind are read and checked, by the schema in its CustomResourceDefinition: not like those of a compiled type. Each
 * is pure, and short between its steps, however large the object is.
 */
export interface CustomSchema {
  /** Makes a decoded object fit, in place; answers what was unknown: `unknown field "spec.x"`. Wrong types stay for `faults` to tell. */
  decode(object: JsonObject, how: CustomDecoding): Steps<readonly string[]>;
  /** In place, at any depth. Idempotent. */
  fillDefaults(draft: JsonObject): Steps<void>;
  /** Every fault, metadata's aside. What did not change since `context.old` is no fault. */
  faults(object: KubeObject, context: ValidationContext): Steps<readonly FieldError[]>;
  /** The kind as OpenAPI v2 or v3 publishes it; `common` is what every object has. */
  openApi(form: 'v2' | 'v3', common: OfEveryObject): Steps<JsonObject>;
  readonly source: CustomSchemaSource;
}

export interface CustomDecoding {
  /** Whether anybody wants to know what is unknown. */
  readonly collectUnknown: boolean;
  /** The error of an object that cannot be read: `json: cannot unmarshal number into Go struct field ObjectMeta.name of type string`. */
  refuse(why: string): StatusError;
}

/** What the kind's definition is made of, so that another thread can make it, too. */
export interface CustomSchemaSource {
  /** Another for other data. */
  readonly id: string;
  /** Plain data. */
  readonly data: unknown;
}
