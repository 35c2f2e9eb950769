import type { GoField, GoPackage, GoStruct } from './go-types.ts';
import type { Shape } from './shapes.ts';

const formats: Readonly<Record<string, string>> = {
  int32: 'int32',
  int64: 'int64',
  int: 'int32',
  float64: 'double',
  uint8: 'int32',
  '[]byte': 'byte',
  'resource.Quantity': 'quantity',
  FieldsV1: 'fieldsv1',
  'runtime.RawExtension': 'rawextension',
  'types.UID': 'string',
  CustomResourceSubresourceStatus: 'empty',
  JSON: 'json',
  JSONSchemaPropsOrArray: 'schema-or-list',
  JSONSchemaPropsOrBool: 'schema-or-boolean',
  JSONSchemaPropsOrStringArray: 'schema-or-names',
  bool: 'bool',
  string: 'string',
};

const opaque = new Set(['FieldsV1', 'runtime.RawExtension', 'resource.Quantity']);

/** What a Go type comes down to once names, pointers, lists and maps are taken away. */
interface Resolved {
  readonly base: string;
  readonly pointer: boolean;
  readonly container: boolean;
  readonly enumType?: string;
}

function resolve(pkg: GoPackage, type: string): Resolved {
  let base = type;
  let pointer = false;
  let container = false;
  let enumType: string | undefined;
  for (;;) {
    if (base === '[]byte') return { base, pointer, container, enumType };
    if (base.startsWith('*')) {
      pointer = !container;
      base = base.slice(1);
    } else if (base.startsWith('[]')) {
      container = true;
      base = base.slice(2);
    } else if (base.startsWith('map[')) {
      container = true;
      base = base.slice(base.indexOf(']') + 1);
    } else if (pkg.named.has(base)) {
      if (pkg.enums.get(base)?.length) enumType = base;
      base = pkg.named.get(base)!;
    } else return { base, pointer, container, enumType };
  }
}

/** What Go calls a text, or a map, that has a name of its own: errors tell it. */
function ownName(pkg: GoPackage, type: string): string {
  if (type.replace(/^\*/, '') === 'types.UID') return "'types.UID";
  const name = type.replace(/^(\*|\[\])+/, '');
  const underlying = pkg.named.get(name);
  return underlying === 'string' || underlying?.startsWith('map[') ? `'${name.replace(/^\w+\./, '')}` : '';
}

function defaultOf(pkg: GoPackage, field: GoField, keepsZero: boolean): string {
  const text = field.markers.get('default')?.[0];
  if (text === undefined) return '';
  const reference = /^ref\((?:.*\.)?(\w+)\)$/.exec(text);
  const value = reference ? JSON.stringify(pkg.constants.get(reference[1]!)) : text;
  const zero = value === '""' || value === 'false' || value === '0' || value === '{}';
  return zero && !keepsZero ? '' : `!${value}`;
}

function topology(field: GoField): string {
  const list = field.markers.get('listType')?.[0];
  if (list === 'map') return `@map(${field.markers.get('listMapKey')!.join(',')})`;
  if (list === 'set') return '@set';
  if (field.markers.get('mapType')?.[0] === 'atomic' || field.markers.get('structType')?.[0] === 'atomic')
    return '@atomic';
  return '';
}

function patch(field: GoField): string {
  if (!field.patchStrategy) return '';
  return `~${field.patchStrategy}${field.patchMergeKey ? `(${field.patchMergeKey})` : ''}`;
}

/** One field's facts: number, `'name` of its type, `+` always present, `^` keeps its zero, `:format`, `@list`, `~patch`, `{enum}`, `!default`. */
function fieldFacts(pkg: GoPackage, field: GoField, outer?: number): string {
  const { base, pointer, container, enumType } = resolve(pkg, field.type);
  const scalar = base in formats && base !== '[]byte';
  const isStruct = !scalar && !container && base !== '[]byte';
  const always = !field.omitEmpty || (isStruct && !pointer && !field.omitZero);
  const keepsZero = pointer && scalar && !opaque.has(base);
  const format = formats[base];
  return [
    `${field.json}=${outer === undefined ? '' : `${outer}/`}${field.number}`,
    ownName(pkg, field.type),
    always && !field.omitZero ? '+' : '',
    keepsZero ? '^' : '',
    format && !['string', 'bool'].includes(format) ? `:${format}` : '',
    topology(field),
    patch(field),
    enumType ? `{${pkg.enums.get(enumType)!.join('|').replaceAll(' ', '␣')}}` : '',
    defaultOf(pkg, field, keepsZero),
  ].join('');
}

/** All facts of one type, for the fields that its shape has; says which of them Go does not know. */
export function typeFacts(
  pkg: GoPackage,
  struct: GoStruct,
  shape: Shape,
): { facts: string[]; missing: string[]; atomic: boolean; embeds: string | undefined } {
  const known = new Map<string, string>();
  const embedded = struct.fields.find((field) => !field.json && field.inline && field.number !== undefined);
  for (const field of struct.fields) {
    if (field.json && field.json !== '-') known.set(field.json, fieldFacts(pkg, field));
    else if (field.inline && field.number !== undefined)
      for (const inner of pkg.structs.get(field.type)?.fields ?? [])
        known.set(inner.json, fieldFacts(pkg, inner, field.number));
  }
  const names = Object.keys(shape)
    .map((name) => name.replace('!', ''))
    .filter((name) => name !== 'kind' && name !== 'apiVersion');
  if (struct.fields.some((field) => field.json === 'kind')) names.push('kind');
  if (struct.fields.some((field) => field.json === 'apiVersion')) names.push('apiVersion');
  return {
    facts: names.flatMap((name) => known.get(name) ?? []),
    embeds: embedded?.type,
    missing: names.filter((name) => !known.has(name)),
    atomic: struct.markers.get('structType')?.[0] === 'atomic' || struct.markers.get('mapType')?.[0] === 'atomic',
  };
}
