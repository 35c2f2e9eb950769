import { ownValue, type Schema } from '@kubernest/meta';

/** What stands in every object, whatever its schema says. */
export const ofEveryObject: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** What is known of a member; undefined where it is none. */
export function memberOf(schema: Schema | undefined, key: string): Schema | undefined {
  switch (schema?.type) {
    case 'struct':
    case 'any':
      return ownValue(schema.fields, key)?.schema ?? schema.others;
    case 'map':
      return schema.values;
    default:
      return undefined;
  }
}

/** The same without what every object has and this schema does not declare. */
export function declaredMemberOf(schema: Schema | undefined, key: string): Schema | undefined {
  const isImplied = schema?.type === 'struct' && schema.embeddedResource && ofEveryObject.has(key);
  if (isImplied && ownValue(schema.checks?.properties, key) === undefined) return undefined;
  const member = memberOf(schema, key);
  return member?.type === 'any' && member.keepsNoFields ? undefined : member;
}

/** What is known of a list's items. */
export const itemOf = (schema: Schema | undefined): Schema | undefined =>
  schema && 'items' in schema ? schema.items : undefined;

/** Every schema right within this one. */
export function partsOf(schema: Schema): readonly Schema[] {
  const fields = 'fields' in schema ? Object.values(schema.fields ?? {}) : [];
  const parts = [
    ...fields.map((field) => field.schema),
    'others' in schema ? schema.others : undefined,
    'values' in schema ? schema.values : undefined,
    'items' in schema ? schema.items : undefined,
  ];
  return parts.filter((part) => part !== undefined);
}

/** A question that is asked of every schema in a tree, and answered once: is it so of this one, or of any within? */
export function reaching(isSo: (schema: Schema) => boolean): (schema: Schema) => boolean {
  const answers = new WeakMap<Schema, boolean>();
  return function reaches(schema: Schema): boolean {
    let answer = answers.get(schema);
    if (answer === undefined) {
      answers.set(schema, false);
      answer = isSo(schema) || partsOf(schema).some(reaches);
      answers.set(schema, answer);
    }
    return answer;
  };
}
