import type { FieldSchema, Schema, StructSchema } from '@kubernest/meta';

/**
 * The messages of OpenAPI v2's protobuf form (package `openapi.v2`), as far as our documents need them: a line is a message, then
 * fields as `name=number:type`, `*` behind the type for a list.
 */
const messages = `
Document swagger=1:text info=2:Info paths=8:Paths definitions=9:NamedSchemas
Info title=1:text version=2:text
Paths path=2:NamedPathItem*
NamedPathItem name=1:text value=2:PathItem
PathItem get=2:Operation put=3:Operation post=4:Operation delete=5:Operation patch=8:Operation
Operation tags=1:text* operationId=5:text produces=6:text* consumes=7:text* parameters=8:ParametersItem* responses=9:Responses
  extensions=13:NamedAny*
ParametersItem parameter=1:Parameter
Parameter body=1:BodyParameter nonBody=2:NonBodyParameter
BodyParameter name=2:text in=3:text required=4:flag schema=5:Schema
NonBodyParameter query=3:QueryParameter path=4:PathParameter
QueryParameter required=1:flag in=2:text description=3:text name=4:text type=6:text uniqueItems=20:flag
PathParameter required=1:flag in=2:text description=3:text name=4:text type=5:text uniqueItems=19:flag
Responses code=1:NamedResponse*
NamedResponse name=1:text value=2:ResponseValue
ResponseValue response=1:Response
Response description=1:text schema=2:SchemaItem
SchemaItem schema=1:Schema
Schema ref=1:text format=2:text description=4:text default=5:Any required=19:text* enum=20:Any* additionalProperties=21:Additional
  type=22:Texts items=23:Items properties=25:NamedSchemas extensions=31:NamedAny*
Additional schema=1:Schema
Texts value=1:text*
Items schema=1:Schema*
NamedSchemas all=1:NamedSchema*
NamedSchema name=1:text value=2:Schema
NamedAny name=1:text value=2:Any
Any yaml=2:text
`;

const words: Readonly<Record<string, Schema>> = { text: { type: 'string' }, flag: { type: 'boolean' } };

function parse(text: string): ReadonlyMap<string, StructSchema> {
  const structs = new Map<string, { type: 'struct'; fields: Record<string, FieldSchema> }>();
  const struct = (name: string) => {
    const known = structs.get(name) ?? { type: 'struct', fields: {} };
    structs.set(name, known);
    return known;
  };
  for (const line of text.trim().split(/\n(?! )/)) {
    const [name, ...fields] = line.split(/\s+/);
    for (const field of fields) {
      const [, key, number, type, many] = /^(\w+)=(\d+):(\w+)(\*)?$/.exec(field)!;
      const one = words[type!] ?? struct(type!);
      const schema: Schema = many ? { type: 'list', items: one, listType: 'atomic' } : one;
      struct(name!).fields[key!] = { schema, protobuf: Number(number) };
    }
  }
  return structs;
}

let document: StructSchema | undefined;

/** The schema of a whole document in the form that `gnostic.ts` makes. */
export function gnosticDocument(): StructSchema {
  document ??= parse(messages).get('Document')!;
  return document;
}
