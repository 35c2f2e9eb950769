import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';
import { data as shapes } from '../../../../generated/schema/shapes.mjs';
import type { FieldFacts, TypeFacts } from './facts.ts';
import { factIndex } from './tables.ts';

const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const extensionsPrefix = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
/** Groups that Kubernetes declares elsewhere than the others. */
const elsewhere: Readonly<Record<string, string>> = {
  'apiextensions/v1': extensionsPrefix,
  'apiregistration/v1': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
};
const known = new Map<string, StructSchema>();

/** Values whose form on the wire is not a struct of fields, though Go has a type for them. */
const anything: Schema = { type: 'struct', fields: {}, preserveUnknownFields: true, wire: 'rawextension' };
const fieldsV1: Schema = { type: 'struct', fields: {}, preserveUnknownFields: true, wire: 'fieldsv1', atomic: true };
const words: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date-time' },
  'micro-time': { type: 'string', format: 'micro-time' },
  'int-or-string': { type: 'int-or-string' },
};

/** One node per kind of scalar: schemas are compared by identity in caches. */
const scalars = new Map<string, Schema>();

function scalar(word: string, field: FieldFacts | undefined): Schema {
  const format = field?.format;
  const goType = word === 'string' ? field?.typeName : undefined;
  const key = `${word} ${format ?? ''} ${field?.enum?.join('|') ?? ''} ${goType ?? ''}`;
  let schema = scalars.get(key);
  if (!schema) {
    if (word === 'number')
      schema = format === 'double' ? { type: 'number', format } : { type: 'integer', format: format ?? 'int32' };
    else if (format === 'quantity') schema = { type: 'quantity' };
    else if (word === 'string' && (format || field?.enum || goType))
      schema = { type: 'string', format, enum: field?.enum, ...(goType && { goType }) };
    else schema = words[word]!;
    scalars.set(key, schema);
  }
  return schema;
}

function schemaFor(type: string, field: FieldFacts | undefined, outermost = true): Schema {
  if (type.startsWith('[]')) {
    const items = schemaFor(type.slice(2), field, false);
    const listType = (outermost && field?.listType) || 'atomic';
    return { type: 'list', items, listType, ...(listType === 'map' && { keys: field!.keys! }) };
  }
  if (type.startsWith('{}')) {
    const values = schemaFor(type.slice(2), field && { ...field, typeName: undefined }, false);
    const goType = field?.typeName;
    const isAtomic = outermost && field?.listType === 'atomic';
    return { type: 'map', values, ...(isAtomic && { atomic: true }), ...(goType && { goType }) };
  }
  if (type === 'any') return opaque(field?.format);
  return type in words || type === 'number' ? scalar(type, field) : builtInSchema(type);
}

/** What the declarations say nothing of. A JSON schema's own parts may be one schema or something else. */
function opaque(format: string | undefined): Schema {
  switch (format) {
    case 'fieldsv1':
      return fieldsV1;
    case 'json':
      return { type: 'any' };
    case 'empty':
      return { type: 'any', wire: 'empty' };
    case 'schema-or-list':
    case 'schema-or-boolean':
    case 'schema-or-names':
      return { type: 'any', wire: format, object: builtInSchema(`${extensionsPrefix}.JSONSchemaProps`) };
    default:
      return anything;
  }
}

function fieldSchema(
  type: string,
  required: boolean,
  { field, embeds }: { readonly field: FieldFacts | undefined; readonly embeds: string | undefined },
): FieldSchema {
  return {
    schema: schemaFor(type, field),
    ...(required && { required }),
    ...(field && { protobuf: field.number }),
    ...(field?.within !== undefined && { protobufWithin: field.within, ...(embeds && { embeddedIn: embeds }) }),
    ...(field?.alwaysPresent && { alwaysPresent: true }),
    ...(field?.keepsZero && { keepsZero: true }),
    ...(field?.default !== undefined && { default: field.default }),
    ...(field?.patchStrategy && { patchStrategy: field.patchStrategy }),
    ...(field?.patchMergeKey && { patchMergeKey: field.patchMergeKey }),
  };
}

/** The name of a field's type with that of its package, which is the version of the type that has the field. */
function inVersion(field: FieldFacts | undefined, name: string): FieldFacts | undefined {
  if (!field?.typeName || field.typeName.includes('.')) return field;
  return { ...field, typeName: `${name.split('.').at(-2)}.${field.typeName}` };
}

function build(name: string): StructSchema {
  const shape = shapes[name];
  if (!shape) throw new Error(`the compiled schema has no type ${name}`);
  const typeFacts: TypeFacts = factIndex.get(name);
  const fields: Record<string, FieldSchema> = {};
  const schema: StructSchema = { type: 'struct', name, fields, ...(typeFacts.atomic && { atomic: true }) };
  known.set(name, schema);
  for (const [key, type] of Object.entries(shape)) {
    const field = key.endsWith('!') ? key.slice(0, -1) : key;
    const facts = inVersion(typeFacts.fields.get(field), name);
    fields[field] = fieldSchema(type, key !== field, { field: facts, embeds: typeFacts.embeds });
  }
  return schema;
}

/** The schema of a built-in type by its OpenAPI name, built when first asked for; always the same object. */
export function builtInSchema(name: string): StructSchema {
  return known.get(name) ?? build(name);
}

/** `io.k8s.api.core.v1.Pod` for `core/v1` and `Pod`. */
export function apiSchema(groupVersion: string, type: string): StructSchema {
  return builtInSchema(`${elsewhere[groupVersion] ?? `io.k8s.api.${groupVersion.replace('/', '.')}`}.${type}`);
}

/** A type of `meta/v1`: ObjectMeta, ListMeta, Status, DeleteOptions, … */
export function metaSchema(type: string): StructSchema {
  return builtInSchema(`${metaPrefix}.${type}`);
}

/** Names of all compiled types. */
export function builtInTypeNames(): readonly string[] {
  return Object.keys(shapes);
}
