import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';
import { type Union, unionFor } from './unions.ts';

/** How one value is written. */
export type ValueForm =
  | { readonly form: 'text' | 'bytes' | 'integer' | 'boolean' | 'double' | 'time' | 'micro-time' | 'quantity' }
  | { readonly form: 'int-or-string' | 'json' }
  | { readonly form: 'message'; readonly message: Message }
  | { readonly form: 'union'; readonly message: Message; readonly union: Union }
  /** A list as a value of a map: a message of its own with the list as field 1. */
  | { readonly form: 'list'; readonly items: ValueForm };

export interface MessageField {
  readonly number: number;
  /** Absent for an embedded message, whose fields are the struct's own. */
  readonly name: string;
  readonly value: ValueForm;
  readonly shape: 'one' | 'list' | 'map' | 'embedded';
  readonly field: FieldSchema | undefined;
  readonly wireType: number;
}

/** A struct as protobuf has it. Fields are reached by number when reading, in falling order when writing from the end. */
export interface Message {
  readonly fields: readonly MessageField[];
  readonly byNumber: readonly (MessageField | undefined)[];
}

const compiled = new WeakMap<StructSchema, Message>();

/** Whether objects of this schema have a protobuf form: CRDs and option types have none. */
export function hasProtobuf(schema: StructSchema): boolean {
  return schema.fields['metadata']?.protobuf !== undefined || Object.values(schema.fields).some((f) => f.protobuf);
}

export function messageOf(schema: StructSchema): Message {
  return compiled.get(schema) ?? compile(schema);
}

function compile(schema: StructSchema): Message {
  // Registered empty first: a type that contains itself finds it.
  const message = { fields: [] as MessageField[], byNumber: [] as MessageField[] };
  compiled.set(schema, message);
  const embedded = new Map<number, [string, FieldSchema][]>();
  const own: MessageField[] = [];
  for (const [name, field] of Object.entries(schema.fields)) {
    if (field.protobuf === undefined) continue;
    if (field.protobufWithin === undefined) own.push(fieldOf(name, field));
    else embedded.set(field.protobufWithin, [...(embedded.get(field.protobufWithin) ?? []), [name, field]]);
  }
  for (const [number, fields] of embedded) {
    const inner = assemble(
      { fields: [], byNumber: [] },
      fields.map(([name, field]) => fieldOf(name, field)),
    );
    const value: ValueForm = { form: 'message', message: inner };
    own.push({ number, name: '', value, shape: 'embedded', field: undefined, wireType: 2 });
  }
  return assemble(message, own);
}

function assemble(message: { fields: MessageField[]; byNumber: MessageField[] }, fields: MessageField[]): Message {
  message.fields.push(...fields.sort((a, b) => b.number - a.number));
  for (const field of fields) message.byNumber[field.number] = field;
  return message;
}

function fieldOf(name: string, field: FieldSchema): MessageField {
  const { schema } = field;
  const shape = schema.type === 'list' ? 'list' : schema.type === 'map' ? 'map' : 'one';
  const value = valueForm(schema.type === 'list' ? schema.items : schema.type === 'map' ? schema.values : schema);
  return { number: field.protobuf!, name, value, shape, field, wireType: shape === 'map' ? 2 : wireTypeOf(value) };
}

function wireTypeOf({ form }: ValueForm): number {
  if (form === 'integer' || form === 'boolean') return 0;
  return form === 'double' ? 1 : 2;
}

function valueForm(schema: Schema): ValueForm {
  switch (schema.type) {
    case 'struct':
      return structForm(schema);
    case 'list':
      return { form: 'list', items: valueForm(schema.items) };
    case 'map':
      throw new Error('a map within a map or list has no protobuf form');
    case 'string':
      if (schema.format === 'date-time') return { form: 'time' };
      if (schema.format === 'micro-time') return { form: 'micro-time' };
      return { form: schema.format === 'byte' ? 'bytes' : 'text' };
    case 'number':
      return { form: 'double' };
    case 'any': {
      const union = unionFor(schema);
      return union ? { form: 'union', message: messageOf(union.schema), union } : { form: 'json' };
    }
    default:
      return { form: schema.type };
  }
}

function structForm(schema: StructSchema): ValueForm {
  switch (schema.wire) {
    case undefined:
      return { form: 'message', message: messageOf(schema) };
    case 'microtime':
      return { form: 'micro-time' };
    case 'intorstring':
      return { form: 'int-or-string' };
    case 'rawextension':
    case 'fieldsv1':
      return { form: 'json' };
    default:
      return { form: schema.wire };
  }
}
