import type { Steps } from '@kubernest/meta';
import type { DocumentPart } from './document-parts.ts';
import type { OpenApiSchema, OpenApiSchemas } from './openapi-schemas.ts';
import type { Operation } from './operation.ts';
import type { Parameter } from './parameters.ts';

/** How a version of OpenAPI writes an operation and a parameter. */
export interface Writing {
  readonly operation: (schemas: OpenApiSchemas, operation: Operation) => OpenApiSchema;
  readonly parameter: (parameter: Parameter) => OpenApiSchema;
}

/** The paths of a document, with all that they refer to added to the schemas. */
export function* pathItems(
  parts: readonly DocumentPart[],
  schemas: OpenApiSchemas,
  writing: Writing,
): Steps<Record<string, OpenApiSchema>> {
  const items: Record<string, OpenApiSchema> = {};
  for (const part of parts) {
    for (const definition of part.definitions) yield* schemas.addCustom(definition);
    for (const operations of part.operations()) {
      for (const [path, ofPath] of Map.groupBy(operations, (operation) => operation.path))
        items[path] = pathItem(ofPath, schemas, writing);
      yield;
    }
  }
  return items;
}

function pathItem(operations: readonly Operation[], schemas: OpenApiSchemas, writing: Writing): OpenApiSchema {
  const shared = sharedParameters(operations);
  const item: OpenApiSchema = {};
  for (const operation of operations) {
    const own = operation.parameters.filter((parameter) => !shared.includes(parameter));
    item[operation.method] = writing.operation(schemas, { ...operation, parameters: own });
  }
  if (shared.length > 0) item['parameters'] = shared.map(writing.parameter);
  return item;
}

/** Those of all operations of a path are said once. */
function sharedParameters([first, ...others]: readonly Operation[]): readonly Parameter[] {
  return first!.parameters.filter((parameter) => others.every(({ parameters }) => parameters.includes(parameter)));
}
