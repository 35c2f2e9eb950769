import { type FieldError, fieldForbidden, fieldInvalid, fieldRequired, type Steps } from '@kubernest/meta';
import { completenessOf } from './completeness.ts';
import { childOf } from './field-path.ts';
import { isAllOfIntOrString, isIntOrString } from './int-or-string.ts';
import { visitJunctors } from './nested-faults.ts';
import { entriesOf, hasOthers, isZero, itemsOf, type JsonSchemaProps, othersOf } from './props.ts';
import { SchemaWalk } from './schema-walk.ts';

/** Where a schema stands: at the root, of a list's items, of a field. */
type Level = 'root' | 'item' | 'field';

interface Place {
  readonly level: Level;
  readonly path: string;
}

/**
 * Why a schema is not structural: every fault in Kubernetes' words, ordered by text. Expects that `unsupportedKeyword` found nothing.
 * Linear in the schema, in steps, with a stack of constant depth. To compile a pattern takes long: whoever knows that all are some says so.
 */
export function structuralFaults(
  root: JsonSchemaProps,
  path: string,
  looksAt = { patterns: true },
): Steps<FieldError[]> {
  const walk = new SchemaWalk(looksAt);
  walk.later(() => visit(walk, root, { level: 'root', path }));
  return walk.sorted();
}

function visit(walk: SchemaWalk, props: JsonSchemaProps, place: Place): void {
  const { path } = place;
  const items = itemsOf(props);
  if (items) walk.later(() => visit(walk, items, { level: 'item', path: childOf(path, 'items') }));
  for (const [name, member] of entriesOf(props.properties))
    walk.later(() => visit(walk, member, { level: 'field', path: childOf(path, `properties[${name}]`) }));
  const others = othersOf(props);
  if (others) walk.later(() => visit(walk, others, { level: 'field', path: childOf(path, 'additionalProperties') }));
  walk.pattern(props, path);
  walk.report(
    shapeFaults(props, place),
    extensionFaults(props, path),
    typeFaults(props, place),
    metadataFaults(props, place),
  );
  visitJunctors(walk, props, path, {
    anyOf: isIntOrString(props.anyOf),
    firstAnyOf: isAllOfIntOrString(props.allOf),
  });
  if (place.level === 'root') completenessOf(walk, props, path);
}

function shapeFaults(props: JsonSchemaProps, { level, path }: Place): FieldError[] {
  const faults: FieldError[] = [];
  if (props.type === 'array' && !itemsOf(props))
    faults.push(fieldRequired(childOf(path, 'items'), 'must be specified'));
  if (level === 'root' && hasOthers(props))
    faults.push(fieldForbidden(childOf(path, 'additionalProperties'), 'must not be used at the root'));
  return faults;
}

function extensionFaults(props: JsonSchemaProps, path: string): FieldError[] {
  if (!props['x-kubernetes-int-or-string']) return [];
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((keyword) => props[keyword])
    .map((keyword) =>
      fieldInvalid(childOf(path, keyword), true, 'must be false if x-kubernetes-int-or-string is true'),
    );
}

const missingType: Record<Level, string> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function typeFaults(props: JsonSchemaProps, { level, path }: Place): FieldError[] {
  const faults: FieldError[] = [];
  const { type = '' } = props;
  const at = childOf(path, 'type');
  const embedded = 'must be object if x-kubernetes-embedded-resource is true';
  const mayHaveNone = props['x-kubernetes-int-or-string'] || props['x-kubernetes-preserve-unknown-fields'];
  if (props['x-kubernetes-embedded-resource'] && type !== 'object')
    faults.push(type === '' ? fieldRequired(at, embedded) : fieldInvalid(at, type, embedded));
  else if (type === '' && !mayHaveNone) faults.push(fieldRequired(at, missingType[level]));
  if (level === 'root' && type !== '' && type !== 'object')
    faults.push(fieldInvalid(at, type, 'must be object at the root'));
  return faults;
}

/** What of an object every API has already is not the schema's to say. */
function metadataFaults(props: JsonSchemaProps, { level, path }: Place): FieldError[] {
  const faults: FieldError[] = [];
  const isEmbedded = props['x-kubernetes-embedded-resource'] === true;
  const isResource = level === 'root' || isEmbedded;
  const members = new Map(entriesOf(props.properties));
  const types = { kind: 'string', apiVersion: 'string', metadata: 'object' };
  for (const [name, type] of isResource ? Object.entries(types) : []) {
    const member = members.get(name);
    if (member && member.type !== type)
      faults.push(fieldInvalid(childOf(path, `properties[${name}].type`), member.type ?? '', `must be ${type}`));
  }
  const metadata = members.get('metadata');
  if (level === 'root' && metadata && saysMoreThanNames(metadata))
    faults.push(fieldForbidden(childOf(path, 'properties[metadata]'), onlyNames));
  if (!isEmbedded) return faults;
  if (hasOthers(props))
    faults.push(
      fieldForbidden(
        childOf(path, 'additionalProperties'),
        'must not be used if x-kubernetes-embedded-resource is set',
      ),
    );
  if (!props['x-kubernetes-preserve-unknown-fields'] && members.size === 0)
    faults.push(fieldRequired(childOf(path, 'properties'), unknownResource));
  return faults;
}

const onlyNames = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
const unknownResource =
  'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';

function saysMoreThanNames(metadata: JsonSchemaProps): boolean {
  const names = Object.keys(metadata.properties ?? {});
  if (names.some((name) => name !== 'name' && name !== 'generateName')) return true;
  const said = Object.entries(metadata).filter(([keyword]) => !['type', 'properties', 'default'].includes(keyword));
  return said.some(([keyword, value]) => {
    // Of these nothing is not the same as zero.
    if (keyword === 'additionalProperties' || typeof value === 'number') return true;
    return !isZero(value) && !(junctors.has(keyword) && (value as []).length === 0);
  });
}

/** Keywords whose empty list says nothing. */
const junctors: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'enum', 'x-kubernetes-list-map-keys']);
