import { faultsOfEach, requiredOneOf } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldRequired, validateDns1123Subdomain } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';
import { validateConversion } from './conversion.validation.ts';
import type { Spec, Version } from './definition-parts.ts';
import type { Leniency } from './leniency.ts';
import { validateAnyLabel, validateNames, validateRequiredNames } from './names.validation.ts';
import { hasDefaults } from './schema/defaults.validation.ts';
import { schemaHas } from './schema/schemas-in.ts';
import { type SharedParts, sharedParts } from './shared-parts.ts';
import { type PartRules, validateParts, validateSelection, validateVersion } from './version.validation.ts';

export function validateSpec(spec: Spec, leniency: Leniency): FieldError[] {
  const { names = {}, versions = [], conversion, preserveUnknownFields = false } = spec;
  const parts = sharedParts(versions);
  const schemas = versions.flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);
  const isDefaulted = preserveUnknownFields && schemas.some(hasDefaults);
  const mustBeStructural =
    !preserveUnknownFields ||
    !leniency.structure ||
    isDefaulted ||
    schemas.some((schema) => schemaHas(schema, isExtended));
  const rules = { leniency, mustBeStructural };
  return [
    ...validateGroup(spec.group),
    ...requiredOneOf('spec.scope', spec.scope, ['Cluster', 'Namespaced']),
    ...missingSchemas(versions, preserveUnknownFields, leniency),
    ...(isDefaulted ? [fieldInvalid('spec.preserveUnknownFields', true, prunes)] : []),
    ...validateVersions(spec, parts, rules),
    ...validateRequiredNames(names, 'spec.names'),
    ...validateNames(names, 'spec.names'),
    ...validateShared(versions, parts, rules),
    ...(preserveUnknownFields && conversion && conversion.strategy !== 'None'
      ? [fieldInvalid('spec.conversion.strategy', conversion.strategy ?? '', convertsPruned)]
      : []),
    ...validateConversion(conversion, 'spec.conversion', leniency),
  ];
}

const prunes = 'must be false in order to use defaults in the schema';
const convertsPruned = 'must be None if spec.preserveUnknownFields is true';

const isExtended = (schema: JsonSchemaProps): boolean => extensions.some((keyword) => schema[keyword] !== undefined);
const extensions = [
  'x-kubernetes-embedded-resource',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-validations',
] as const;

function validateGroup(group: string | undefined): FieldError[] {
  const field = 'spec.group';
  if (!group) return [fieldRequired(field)];
  const faults = validateDns1123Subdomain(group);
  if (faults.length > 0) return [fieldInvalid(field, group, faults.join(','))];
  return group.includes('.') ? [] : [fieldInvalid(field, group, 'should be a domain with at least one dot')];
}

/** Where some of what is stored has no schema, only what is served and pruned needs one. */
function missingSchemas(
  versions: readonly Version[],
  preserveUnknownFields: boolean,
  { missingSchemas: mayMiss }: Leniency,
): FieldError[] {
  if (mayMiss && preserveUnknownFields) return [];
  return faultsOfEach(versions, ({ schema, served }, i) => {
    if (schema?.openAPIV3Schema || (mayMiss && !served)) return [];
    const why = mayMiss ? 'because otherwise all fields are pruned' : '';
    return [fieldRequired(`spec.versions[${i}].schema.openAPIV3Schema`, why)];
  });
}

type Rules = Omit<PartRules, 'hasStatus'>;

function validateVersions({ versions: sent }: Spec, parts: SharedParts, rules: Rules): FieldError[] {
  const field = 'spec.versions';
  const versions = sent ?? [];
  const sharedStatus = parts.shared.subresources?.status !== undefined;
  const faults = faultsOfEach(parts.versions, (version, i) => {
    const hasStatus = sharedStatus || version.subresources?.status !== undefined;
    return [
      ...validateAnyLabel(version.name ?? '', `${field}[${i}].name`),
      ...validateVersion(version, `${field}[${i}]`, { ...rules, hasStatus }),
    ];
  });
  const names = new Set(versions.map(({ name = '' }) => name));
  if (names.size < versions.length) faults.push(fieldInvalid(field, sent, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    faults.push(fieldInvalid(field, sent, 'must have exactly one version marked as storage version'));
  // compat: in Kubernetes' own form the first version's name stands once more by itself.
  const first = versions[0]?.name;
  return first ? [...faults, ...validateAnyLabel(first, 'spec.version')] : faults;
}

function validateShared(versions: readonly Version[], { shared }: SharedParts, rules: Rules): FieldError[] {
  const hasStatus = versions.some(({ subresources }) => subresources?.status !== undefined);
  return [
    ...validateParts(shared, { schema: 'spec.validation', others: 'spec' }, { ...rules, hasStatus }),
    ...validateSelection(shared, 'spec', {
      mayBeMany: rules.leniency.selectableFields?.has('') ?? false,
      withoutSchema: 'may only be set when validations.schema is included',
    }),
  ];
}
