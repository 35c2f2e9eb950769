import type { Steps } from '@kubernest/meta';
import type { DocumentPart } from './document-parts.ts';
import { type OpenApiSchema, OpenApiSchemas } from './openapi-schemas.ts';
import { anything, type Operation } from './operation.ts';
import type { Parameter } from './parameters.ts';
import { pathItems } from './path-items.ts';
import { nameMetaKinds, payloadSchema } from './payload.ts';
import { bearerToken, type OpenApiOptions, sorted } from './v3.ts';

function parameter({ name, in: place, type, description, required }: Parameter): OpenApiSchema {
  return { name, in: place, type, description, uniqueItems: true, ...(required && { required }) };
}

/** What is said in many places stands once in the document and is referred to. */
class SharedParameters {
  readonly all: Record<string, OpenApiSchema> = {};
  readonly #references = new Map<Parameter, OpenApiSchema>();
  readonly #names = new Map<string, string>();

  readonly refer = (of: Parameter): OpenApiSchema => this.#references.getOrInsertComputed(of, () => this.#add(of));

  #add(of: Parameter): OpenApiSchema {
    const written = parameter(of);
    const name = this.#names.getOrInsertComputed(JSON.stringify(written), () => this.#freeName(of));
    this.all[name] = written;
    return { $ref: `#/parameters/${name}` };
  }

  #freeName({ name }: Parameter): string {
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name}-${count}`;
      if (!(candidate in this.all)) return candidate;
    }
  }
}

function bodyParameter(schemas: OpenApiSchemas, { body }: Operation): OpenApiSchema[] {
  if (!body) return [];
  const schema = payloadSchema(schemas, body.payload);
  return [{ name: 'body', in: 'body', schema, ...(body.required && { required: true }) }];
}

function operation(
  schemas: OpenApiSchemas,
  op: Operation,
  refer: (parameter: Parameter) => OpenApiSchema,
): OpenApiSchema {
  const schema = payloadSchema(schemas, op.answer);
  const parameters = [...bodyParameter(schemas, op), ...op.parameters.map(refer)];
  return {
    description: op.description,
    ...(op.type && { consumes: [...(op.body?.media ?? anything)] }),
    produces: [...op.media],
    schemes: ['https'],
    tags: [op.tag],
    operationId: op.id,
    ...(parameters.length > 0 && { parameters }),
    responses: {
      200: { description: 'OK', schema },
      ...(op.created && { 201: { description: 'Created', schema } }),
      ...(op.accepted && { 202: { description: 'Accepted', schema } }),
      401: { description: 'Unauthorized' },
    },
    ...(op.action && { 'x-kubernetes-action': op.action }),
    ...(op.type && { 'x-kubernetes-group-version-kind': { ...op.type } }),
  };
}

/** Everything in one Swagger 2.0 document. */
export function* openApiV2(
  parts: readonly DocumentPart[],
  { version, descriptions }: OpenApiOptions,
): Steps<OpenApiSchema> {
  const schemas = new OpenApiSchemas('v2', descriptions);
  const { all, refer } = new SharedParameters();
  const paths = yield* pathItems(parts, schemas, {
    operation: (into, op) => operation(into, op, refer),
    parameter: refer,
  });
  nameMetaKinds(schemas, parts);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: sorted(paths),
    definitions: sorted(schemas.definitions),
    parameters: sorted(all),
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  };
}
