import { metaSchema } from '@kubernest/definitions';
import { atOnce, type FieldError } from '@kubernest/meta';
import { defaultFaults, defaultOf, type JsonSchemaProps } from '@kubernest/structural';
import { schemaHas } from './schemas-in.ts';

export const hasDefaults = (schema: JsonSchemaProps): boolean =>
  schemaHas(schema, (each) => defaultOf(each) !== undefined);

/** What is wrong with the defaults of a schema that is structural. */
export const validateDefaults = (schema: JsonSchemaProps, path: string): FieldError[] =>
  hasDefaults(schema) ? atOnce(defaultFaults(schema, path, { objectMeta: metaSchema('ObjectMeta') })) : [];

export const isOfUnknownFields = ({ detail }: FieldError): boolean => detail === 'must not have unknown fields';
