import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';

const words: Readonly<Record<string, Schema>> = {
  text: { type: 'string' },
  flag: { type: 'boolean' },
  double: { type: 'number' },
};

/** Reads messages: a line is one, then fields as `name=number:type`, `*` behind the type for a list. Gives the one called `Document`. */
export function documentOf(messages: string): StructSchema {
  const structs = new Map<string, { type: 'struct'; fields: Record<string, FieldSchema> }>();
  const struct = (name: string) => {
    const known = structs.get(name) ?? { type: 'struct', fields: {} };
    structs.set(name, known);
    return known;
  };
  for (const line of messages.trim().split(/\n(?! )/)) {
    const [name, ...fields] = line.split(/\s+/);
    for (const field of fields) {
      const [, key, number, type, many] = /^(\w+)=(\d+):(\w+)(\*)?$/.exec(field)!;
      const one = words[type!] ?? struct(type!);
      const schema: Schema = many ? { type: 'list', items: one, listType: 'atomic' } : one;
      struct(name!).fields[key!] = { schema, protobuf: Number(number) };
    }
  }
  return struct('Document');
}
