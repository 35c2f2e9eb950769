import type { AnySchema, Json, StructSchema } from '@kubernest/meta';

type Fields = { readonly [key: string]: Json | undefined };

/** A JSON value that is one of several things, as the message that Go has for it. */
export interface Union {
  readonly schema: StructSchema;
  toMessage(value: Json): Fields;
  fromMessage(message: Fields): Json;
}

const isList = (value: Json): value is Json[] => Array.isArray(value);

/** The second of a schema's alternatives under the number that it has in Go. */
function unionOf({ object }: AnySchema, other: StructSchema['fields'], how: Omit<Union, 'schema'>): Union {
  const own = Object.values(other)[0]!.protobuf === 1 ? 2 : 1;
  return { schema: { type: 'struct', fields: { schema: { schema: object!, protobuf: own }, ...other } }, ...how };
}

/** Undefined for what is written as JSON. */
export function unionFor(schema: AnySchema): Union | undefined {
  switch (schema.wire) {
    case undefined:
      return undefined;
    case 'empty':
      return { schema: { type: 'struct', fields: {} }, toMessage: () => ({}), fromMessage: () => ({}) };
    case 'schema-or-list': {
      const items = { type: 'list', items: schema.object!, listType: 'atomic' } as const;
      return unionOf(
        schema,
        { list: { schema: items, protobuf: 2 } },
        {
          toMessage: (value) => (isList(value) ? { list: value } : { schema: value }),
          fromMessage: ({ schema: one, list }) => list ?? one ?? {},
        },
      );
    }
    case 'schema-or-boolean':
      return unionOf(
        schema,
        { allows: { schema: { type: 'boolean' }, protobuf: 1, alwaysPresent: true } },
        {
          // compat: what a schema describes is allowed.
          toMessage: (value) => (typeof value === 'boolean' ? { allows: value } : { allows: true, schema: value }),
          fromMessage: ({ allows, schema: one }) => one ?? allows ?? false,
        },
      );
    case 'schema-or-names': {
      const names = { type: 'list', items: { type: 'string' }, listType: 'atomic' } as const;
      return unionOf(
        schema,
        { names: { schema: names, protobuf: 2 } },
        {
          toMessage: (value) => (isList(value) ? { names: value } : { schema: value }),
          fromMessage: ({ schema: one, names: listed }) => one ?? listed ?? [],
        },
      );
    }
  }
}
