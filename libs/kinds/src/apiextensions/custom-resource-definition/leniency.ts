import { atOnce, deepEqual } from '@kubernest/meta';
import { type JsonSchemaProps, structuralFaults, unsupportedKeyword } from '@kubernest/structural';
import { isReviewVersion } from './conversion.validation.ts';
import { isConditionTrue, type SentDefinition, type Spec, type VersionParts } from './definition-parts.ts';
import { isOfUnknownFields, validateDefaults } from './schema/defaults.validation.ts';
import { isKnownType } from './schema/keywords.validation.ts';
import { itemKeyFaults } from './schema/list-keys.validation.ts';
import { setItemFaults } from './schema/list-types.validation.ts';
import { schemaHas } from './schema/schemas-in.ts';
import { MOST_SELECTABLE_FIELDS } from './selectable-fields.validation.ts';
import { sharedParts } from './shared-parts.ts';
import { validateCaBundle } from './webhook-client.validation.ts';

/** What is not asked of a definition, as what is stored already does not have it either. */
export interface Leniency {
  readonly reviewVersions?: boolean;
  readonly caBundle?: boolean;
  readonly missingSchemas?: boolean;
  readonly types?: boolean;
  readonly structure?: boolean;
  readonly unprunedDefaults?: boolean;
  readonly setItems?: boolean;
  readonly itemKeys?: boolean;
  /** Versions that may select by more fields than there may be; '' for what all have alike. */
  readonly selectableFields?: ReadonlySet<string>;
}

/** compat: nobody calls a converter of a definition that is not established. */
export const towardsNew: Leniency = { caBundle: true };

export function leniencyTowards(crd: SentDefinition, old: SentDefinition): Leniency {
  const before = old.spec ?? {};
  const schemas = schemasOf(before);
  return {
    reviewVersions: hasUnknownReviews(before),
    caBundle: !isEstablished(old) || hasWrongBundle(before),
    missingSchemas: schemas.includes(undefined),
    types: someHas(schemas, ({ type }) => !isKnownType(type)),
    structure: schemas.some((schema) => schema && !isStructural(schema)),
    unprunedDefaults: schemas.some((schema) => schema && hasUnprunedDefaults(schema)),
    setItems: someHas(schemas, (schema) => setItemFaults(schema, '').length > 0),
    itemKeys: someHas(schemas, (schema) => itemKeyFaults(schema, '').length > 0),
    selectableFields: manySelectable(crd.spec ?? {}, before),
  };
}

export const isEstablished = (crd: SentDefinition): boolean => isConditionTrue(crd, 'Established');

type Schemas = readonly (JsonSchemaProps | undefined)[];

const schemasOf = ({ versions = [] }: Spec): Schemas => versions.map(({ schema }) => schema?.openAPIV3Schema);

const someHas = (schemas: Schemas, predicate: (schema: JsonSchemaProps) => boolean): boolean =>
  schemas.some((schema) => schema && schemaHas(schema, predicate));

const isStructural = (schema: JsonSchemaProps): boolean =>
  atOnce(unsupportedKeyword(schema)) === undefined && atOnce(structuralFaults(schema, '')).length === 0;

const hasUnprunedDefaults = (schema: JsonSchemaProps): boolean =>
  isStructural(schema) && validateDefaults(schema, '').some(isOfUnknownFields);

function hasUnknownReviews({ conversion }: Spec): boolean {
  const versions = conversion?.webhook?.conversionReviewVersions ?? [];
  return versions.length > 0 && !versions.some(isReviewVersion);
}

const hasWrongBundle = ({ conversion }: Spec): boolean =>
  validateCaBundle(conversion?.webhook?.clientConfig?.caBundle, '').length > 0;

function manySelectable({ versions = [] }: Spec, { versions: before = [] }: Spec): ReadonlySet<string> {
  const [now, then] = [sharedParts(versions), sharedParts(before)];
  const old = new Map<string, VersionParts>(then.versions.map((version) => [version.name ?? '', version]));
  const found = now.versions.filter(({ name = '', ...parts }) => isStillWide(parts, old.get(name)));
  const names = found.map(({ name = '' }) => name);
  return new Set(isStillWide(now.shared, then.shared) ? ['', ...names] : names);
}

const isStillWide = (now: VersionParts, then: VersionParts | undefined): boolean =>
  (then?.selectableFields ?? []).length > MOST_SELECTABLE_FIELDS &&
  deepEqual(now.selectableFields, then?.selectableFields);
