import type { Json, Steps } from '@kubernest/meta';
import type { OpenApiSchema } from '../openapi-schemas.ts';

/** A map as gnostic has it: a list of what has a name. */
export function pairs<T>(
  record: Json | undefined,
  convert: (value: OpenApiSchema) => T,
): { readonly name: string; readonly value: T }[] {
  return Object.entries((record ?? {}) as Record<string, OpenApiSchema>).map(([name, value]) => ({
    name,
    value: convert(value),
  }));
}

/** `pairs` of many, a few at a time. */
export function* pairsInSteps<T>(
  record: Json | undefined,
  convert: (value: OpenApiSchema) => T,
): Steps<{ readonly name: string; readonly value: T }[]> {
  const made: { readonly name: string; readonly value: T }[] = [];
  for (const [name, value] of Object.entries((record ?? {}) as Record<string, OpenApiSchema>)) {
    made.push({ name, value: convert(value) });
    if (made.length % 8 === 0) yield;
  }
  return made;
}

/** Any value, as JSON, which is YAML, too. */
export const any = (value: Json): { readonly yaml: string } => ({ yaml: JSON.stringify(value) });

/** What begins with `x-`. */
export function extensions(record: OpenApiSchema) {
  return Object.entries(record)
    .filter(([key]) => key.startsWith('x-'))
    .map(([name, value]) => ({ name, value: any(value) }));
}
