import { builtinKinds, findBodyType } from '@kubernest/kinds';
import { atOnce, type Json } from '@kubernest/meta';
import { MOST_SCHEMA_LEVELS } from '@kubernest/structural';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { documentParts } from '../document-parts.ts';
import { loadDescriptions } from '../documents.ts';
import type { OpenApiSchema } from '../openapi-schemas.ts';
import { openApiV3 } from '../v3.ts';
import { openApiV3Protobuf } from './v3.ts';

/** As another reader has them: gnostic's names and numbers. */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message Any { string yaml = 2; }
  message NamedAny { string name = 1; Any value = 2; }
  message Reference { string _ref = 1; }
  message Ref { oneof oneof { Schema schema = 1; Reference reference = 2; } }
  message NamedRef { string name = 1; Ref value = 2; }
  message Refs { repeated NamedRef all = 1; }
  message DefaultType { oneof oneof { double number = 1; bool boolean = 2; string string = 3; } }
  message Items { repeated Ref schema = 1; }
  message Additional { Ref schema = 1; }
  message Schema {
    optional bool nullable = 1; optional bool uniqueItems = 20; repeated string required = 23; repeated Any enum = 24;
    optional string type = 25; repeated Ref allOf = 26; repeated Ref oneOf = 27; Items items = 30; Refs properties = 31;
    Additional additionalProperties = 32; DefaultType default = 33; optional string description = 34;
    optional string format = 35; repeated NamedAny x = 36;
  }
  message MediaType { Ref schema = 1; }
  message NamedMediaType { string name = 1; MediaType value = 2; }
  message MediaTypes { repeated NamedMediaType all = 1; }
  message Parameter { string name = 1; string in = 2; string description = 3; optional bool required = 4; Ref schema = 10; }
  message ParameterRef { Parameter parameter = 1; }
  message Body { MediaTypes content = 2; optional bool required = 3; }
  message BodyRef { Body requestBody = 1; }
  message Response { string description = 1; MediaTypes content = 3; }
  message ResponseRef { Response response = 1; }
  message NamedResponse { string name = 1; ResponseRef value = 2; }
  message Responses { repeated NamedResponse all = 2; }
  message Operation {
    repeated string tags = 1; string description = 3; string operationId = 5; repeated ParameterRef parameters = 6; BodyRef requestBody = 7;
    Responses responses = 8; repeated NamedAny x = 13;
  }
  message PathItem { Operation get = 4; Operation put = 5; Operation post = 6; Operation delete = 7;
    Operation options = 8; Operation head = 9; Operation patch = 10; repeated ParameterRef parameters = 13; }
  message NamedPathItem { string name = 1; PathItem value = 2; }
  message Paths { repeated NamedPathItem all = 1; }
  message Info { string title = 1; string description = 2; string version = 6; }
  message SecurityScheme { string type = 1; string description = 2; string name = 3; string in = 4; }
  message SecuritySchemeRef { SecurityScheme securityScheme = 1; }
  message NamedSecurityScheme { string name = 1; SecuritySchemeRef value = 2; }
  message SecuritySchemes { repeated NamedSecurityScheme all = 1; }
  message Components { Refs schemas = 1; SecuritySchemes securitySchemes = 7; }
  message Document { string openapi = 1; Info info = 2; Paths paths = 4; Components components = 5; }`,
  { keepCase: true },
);
const type = root.lookupType('Document');

/** Messages that stand for the one thing they hold, and messages that are maps. */
const wrappers = new Set([
  'Ref',
  'ParameterRef',
  'SecuritySchemeRef',
  'BodyRef',
  'ResponseRef',
  'DefaultType',
  'Items',
  'Additional',
]);
const maps = new Set(['Refs', 'SecuritySchemes', 'MediaTypes', 'Responses', 'Paths']);

/** What was read, as the JSON that it stands for. */
function plain(read: unknown): Json {
  if (Array.isArray(read)) return read.map(plain);
  if (!(read instanceof protobuf.Message)) return read as Json;
  const { name } = read.$type;
  // An empty list is one that is not there.
  const own = (Object.entries(read) as [string, Json][]).filter(
    ([, value]) => !Array.isArray(value) || value.length > 0,
  );
  const first = own[0]?.[1];
  if (wrappers.has(name)) return [plain(first ?? {})].flat()[0]!;
  if (maps.has(name)) return named(first ?? []);
  if (name === 'Any') return JSON.parse(first as string) as Json;
  return Object.assign({}, ...own.map(([key, value]) => fieldOf(key, value)));
}

function fieldOf(key: string, value: Json): OpenApiSchema {
  if (key === 'x') return named(value);
  return { [key === '_ref' ? '$ref' : key]: plain(value) };
}

const named = (list: Json): OpenApiSchema =>
  Object.fromEntries((list as unknown as Named[]).map(({ name, value }) => [name, plain(value)]));

interface Named {
  readonly name: string;
  readonly value: unknown;
}

const options = { version: 'v1.36.0', descriptions: await loadDescriptions() };
const read = (bytes: Uint8Array) => plain(type.decode(bytes));

const parts = documentParts({ definitions: builtinKinds, subresources: [], findBodyType, documents: [] });

it.each(parts)('all that is said of $path is there for another reader', (part) => {
  const document = atOnce(openApiV3(part, options));
  expect(read(atOnce(openApiV3Protobuf(document)))).toEqual(JSON.parse(JSON.stringify(document)));
});

it.each<[string, Json, Json]>([
  ['a number', 0, 0],
  ['a text', '', ''],
  ['yes or no', false, false],
  ['an object, of which is said that there is one', { a: 1 }, {}],
  ['a list, likewise', [1], {}],
])('a default may be %s', (_, value, told) => {
  const schemas = { A: { type: 'string', default: value } };
  const bytes = atOnce(
    openApiV3Protobuf({ openapi: '3.0.0', info: { title: 't' }, paths: {}, components: { schemas } }),
  );
  expect(read(bytes)).toMatchObject({ components: { schemas: { A: { type: 'string', default: told } } } });
});

it('a schema may be as deep as that of any custom resource', () => {
  let schema: OpenApiSchema = { type: 'string', description: 'innermost' };
  for (let level = 1; level < MOST_SCHEMA_LEVELS; level++) schema = { type: 'object', properties: { a: schema } };
  const document = { openapi: '3.0.0', info: { title: 't' }, paths: {}, components: { schemas: { A: schema } } };
  expect(Buffer.from(atOnce(openApiV3Protobuf(document))).includes('innermost')).toBe(true);
});
