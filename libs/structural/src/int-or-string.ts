import { isZero, type JsonSchemaProps } from './props.ts';

/** Types are allowed under `anyOf` in this one form: an integer, or a string. */
export const isIntOrString = (anyOf: readonly JsonSchemaProps[] | undefined): boolean =>
  anyOf?.length === 2 && isOnly(anyOf[0]!, 'integer') && isOnly(anyOf[1]!, 'string');

/** The same as the first of several conditions. */
export const isAllOfIntOrString = (allOf: readonly JsonSchemaProps[] | undefined): boolean =>
  isIntOrString(allOf?.[0]?.anyOf);

const isOnly = (props: JsonSchemaProps, type: string): boolean =>
  props.type === type && Object.entries(props).every(([keyword, value]) => keyword === 'type' || isZero(value));
