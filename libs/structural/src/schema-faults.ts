import { append, type FieldError, fieldForbidden, fieldInvalid, type Steps } from '@kubernest/meta';
import type { CompileOptions } from './compile-schema.ts';
import { defaultFaults } from './default-faults.ts';
import { childOf } from './field-path.ts';
import { keywordFaults } from './keyword-faults.ts';
import type { JsonSchemaProps } from './props.ts';
import { structuralFaults } from './structural-faults.ts';
import { unsupportedKeyword } from './unsupported-keyword.ts';

export interface SchemaFaultsOptions extends CompileOptions {
  /** The version has a status subresource, whose schema must be that of `status` and nothing else. */
  readonly hasStatus: boolean;
}

/**
 * Everything that Kubernetes refuses in the schema of a version, but for what its rules in CEL say: those are worth reading only where this finds
 * nothing. `path` is that of the schema: `spec.versions[0].schema.openAPIV3Schema`. Linear, in steps.
 */
export function* schemaFaults(root: JsonSchemaProps, path: string, options: SchemaFaultsOptions): Steps<FieldError[]> {
  const faults = rootFaults(root, path, options.hasStatus);
  const unsupported = yield* unsupportedKeyword(root);
  if (unsupported === undefined) append(faults, yield* shapeFaults(root, path, options));
  append(faults, yield* keywordFaults(root, path));
  // compat: the faults above tell better what it is.
  if (faults.length === 0 && unsupported !== undefined) return [fieldInvalid(path, '', unsupported)];
  return faults;
}

function* shapeFaults(root: JsonSchemaProps, path: string, options: CompileOptions): Steps<FieldError[]> {
  const faults = yield* structuralFaults(root, path);
  return faults.length > 0 ? faults : yield* defaultFaults(root, path, options);
}

/** Names in Go of what may stand at the root beside a status subresource. */
const allowedAtRoot =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';

/** In Go's order: of these before the type is looked at. */
const beforeType = ['id', '$schema', '$ref'] as const;
const afterType = [
  'nullable',
  'default',
  'enum',
  'maxProperties',
  'minProperties',
  'allOf',
  'oneOf',
  'anyOf',
  'not',
  'additionalProperties',
  'patternProperties',
  'dependencies',
  'additionalItems',
  'definitions',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-map-type',
] as const;

function rootFaults(root: JsonSchemaProps, path: string, hasStatus: boolean): FieldError[] {
  const faults = hasStatus ? statusFaults(root, path) : [];
  if (root.nullable) faults.push(fieldForbidden(childOf(path, 'nullable'), 'nullable cannot be true at the root'));
  return faults;
}

/** compat: only the first is told. */
function statusFaults(root: JsonSchemaProps, path: string): FieldError[] {
  const isSaid = (keyword: keyof JsonSchemaProps): boolean =>
    ![undefined, null, false, ''].includes(root[keyword] as '');
  const only = `only [${allowedAtRoot}] fields are allowed at the root of the schema if the status subresource is enabled`;
  if (beforeType.some(isSaid)) return [fieldInvalid(path, root, only)];
  if (root.type && root.type !== 'object')
    return [
      fieldInvalid(
        childOf(path, 'type'),
        root.type,
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  return afterType.some(isSaid) ? [fieldInvalid(path, root, only)] : [];
}
