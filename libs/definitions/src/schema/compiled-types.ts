import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';
import { data as shapes } from '../../../../generated/schema/shapes.mjs';
import { CompiledStruct, type StructFacts } from './compiled-struct.ts';
import { FactIndex, type FactTable, type FieldFacts } from './facts.ts';

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

/** Schemas of compiled types: of a name always the same object, which is joined with its wire facts when first looked at. */
export class CompiledTypes {
  readonly #facts: FactIndex;
  readonly #known = new Map<string, StructSchema>();

  /** `shared`: whose types these refer to, and which has its own tables. */
  constructor(
    tables: readonly FactTable[],
    private readonly shared?: CompiledTypes,
  ) {
    this.#facts = new FactIndex(tables);
  }

  /** By its OpenAPI name: `io.k8s.api.core.v1.Pod`. */
  schema(name: string): StructSchema {
    return this.#known.get(name) ?? (this.shared?.has(name) ? this.shared.schema(name) : this.#make(name));
  }

  has(name: string): boolean {
    return this.#facts.has(name) || (this.shared?.has(name) ?? false);
  }

  /** Of all types in the tables. */
  names(): readonly string[] {
    return [...(this.shared?.names() ?? []), ...this.#facts.names()];
  }

  #make(name: string): StructSchema {
    if (!(name in shapes)) throw new Error(`the compiled schema has no type ${name}`);
    const schema = new CompiledStruct(name, this.#read);
    this.#known.set(name, schema);
    return schema;
  }

  readonly #read = (struct: CompiledStruct): StructFacts => {
    const { name } = struct;
    const { atomic, embeds, fields: facts } = this.#facts.get(name);
    const fields: Record<string, FieldSchema> = {};
    for (const [key, type] of Object.entries(JSON.parse(shapes[name]!) as Shape)) {
      const field = key.endsWith('!') ? key.slice(0, -1) : key;
      const own = inVersion(facts.get(field), name);
      fields[field] = fieldSchema(this.#schemaFor({ type, field: own, owner: struct }), key !== field, {
        field: own,
        embeds,
      });
    }
    return { fields, atomic };
  };

  #schemaFor({ type, field, owner, isInner }: TypeUse): Schema {
    if (type.startsWith('[]')) {
      const items = this.#schemaFor({ type: type.slice(2), field, owner, isInner: true });
      const listType = (!isInner && field?.listType) || 'atomic';
      return { type: 'list', items, listType, ...(listType === 'map' && { keys: field!.keys! }) };
    }
    if (type.startsWith('{}')) {
      const inner = field && { ...field, typeName: undefined };
      const values = this.#schemaFor({ type: type.slice(2), field: inner, owner, isInner: true });
      const goType = field?.typeName;
      const isAtomic = !isInner && field?.listType === 'atomic';
      return { type: 'map', values, ...(isAtomic && { atomic: true }), ...(goType && { goType }) };
    }
    if (type === 'any') return opaque(field?.format, owner);
    return type in words || type === 'number' ? scalar(type, field) : this.schema(type);
  }
}

/** Field name, with `!` behind it when required, to type. */
type Shape = Readonly<Record<string, string>>;

/** A type as a field of `owner` has it, or as what is in that field's list or map. */
interface TypeUse {
  readonly type: string;
  readonly field: FieldFacts | undefined;
  readonly owner: StructSchema;
  readonly isInner?: boolean;
}

/** What the declarations say nothing of. A JSON schema's own parts may be one schema or something else. */
function opaque(format: string | undefined, owner: StructSchema): Schema {
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
      return { type: 'any', wire: format, object: owner };
    default:
      return anything;
  }
}

function fieldSchema(
  schema: Schema,
  required: boolean,
  { field, embeds }: { readonly field: FieldFacts | undefined; readonly embeds: string | undefined },
): FieldSchema {
  return {
    schema,
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
