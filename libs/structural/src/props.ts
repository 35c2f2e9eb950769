import type { Json } from '@kubernest/meta';

/** `JSONSchemaProps` as it stands on the wire, in `spec.versions[].schema.openAPIV3Schema` of a CustomResourceDefinition. */
export interface JsonSchemaProps {
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly example?: Json;
  readonly externalDocs?: { readonly url?: string; readonly description?: string };
  readonly nullable?: boolean;
  readonly properties?: { readonly [name: string]: JsonSchemaProps };
  readonly additionalProperties?: JsonSchemaProps | boolean;
  readonly items?: JsonSchemaProps | readonly JsonSchemaProps[];
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly multipleOf?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly allOf?: readonly JsonSchemaProps[];
  readonly anyOf?: readonly JsonSchemaProps[];
  readonly oneOf?: readonly JsonSchemaProps[];
  readonly not?: JsonSchemaProps;
  readonly id?: string;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly patternProperties?: { readonly [pattern: string]: JsonSchemaProps };
  readonly dependencies?: { readonly [name: string]: JsonSchemaProps | readonly string[] };
  readonly additionalItems?: JsonSchemaProps | boolean;
  readonly definitions?: { readonly [name: string]: JsonSchemaProps };
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** A rule in CEL; what it says is for others to judge. */
export interface ValidationRule {
  readonly rule?: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** The one schema of a list's items; a list of schemas, which is refused elsewhere, is none. */
export const itemsOf = ({ items }: JsonSchemaProps): JsonSchemaProps | undefined =>
  isSchema(items) ? items : undefined;

/** What schema the members have that `properties` does not name, where one is said. */
export const othersOf = ({ additionalProperties }: JsonSchemaProps): JsonSchemaProps | undefined =>
  isSchema(additionalProperties) ? additionalProperties : undefined;

/** compat: null stands for no default. */
export const defaultOf = ({ default: value }: JsonSchemaProps): Json | undefined => value ?? undefined;

export const hasOthers = ({ additionalProperties }: JsonSchemaProps): boolean =>
  additionalProperties !== undefined && additionalProperties !== null;

export const entriesOf = (
  members: { readonly [name: string]: JsonSchemaProps } | undefined,
): readonly (readonly [string, JsonSchemaProps])[] => Object.entries(members ?? {});

/** Whether Go would hold nothing under this keyword. */
export const isZero = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === false;

const isSchema = (value: unknown): value is JsonSchemaProps =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
