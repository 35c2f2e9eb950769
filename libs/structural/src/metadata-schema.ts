import { type FieldSchema, ownValue, type Schema, type StructSchema, setKey } from '@kubernest/meta';

/** The schema of metadata with the defaults and checks that an embedded resource's schema declares for some of it. */
export function metadataSchema(objectMeta: StructSchema, declared: Schema | undefined): StructSchema {
  return declared ? (joined(objectMeta, declared) as StructSchema) : objectMeta;
}

/** As deep as both are. */
function joined(base: Schema, declared: Schema): Schema {
  const facts = { checks: declared.checks, nullable: declared.nullable, default: declared.default };
  if (declared.type !== 'struct') return { ...base, ...facts };
  if (base.type === 'struct') return { ...base, ...facts, fields: { ...base.fields, ...fieldsOf(base, declared) } };
  if (base.type !== 'map') return { ...base, ...facts };
  return { type: 'struct', ...facts, others: base.values, fields: fieldsOf(base, declared) };
}

/** Of what metadata does not have nothing can be declared. */
function fieldsOf(base: Schema, declared: StructSchema): Record<string, FieldSchema> {
  const fields: Record<string, FieldSchema> = {};
  for (const [name, field] of Object.entries(declared.fields)) {
    const known: FieldSchema | undefined =
      base.type === 'map' ? { schema: base.values } : base.type === 'struct' ? ownValue(base.fields, name) : undefined;
    if (!known) continue;
    const schema = joined(known.schema, field.schema);
    setKey(fields, name, { ...known, schema, default: field.default });
  }
  return fields;
}
