import { hasRules, type SentDefinition } from '@kubernest/kinds';
import { fieldErrorsText, fieldInvalid, paced } from '@kubernest/meta';
import { structuralFaults, unsupportedKeyword } from '@kubernest/structural';
import type { Condition } from '../shared/conditions.ts';

export const NON_STRUCTURAL = 'NonStructuralSchema';
export const RULES_NOT_ENFORCED = 'ValidationRulesNotEnforced';

type Version = NonNullable<NonNullable<SentDefinition['spec']>['versions']>[number];

/** What there is to say of its schemas; nothing of those that are fine. */
export async function schemaConditions(crd: SentDefinition): Promise<readonly Condition[]> {
  const versions = crd.spec?.versions ?? [];
  const conditions = [await nonStructural(crd), rulesNotEnforced(versions)];
  return conditions.filter((condition) => condition !== undefined);
}

/** compat: types, reasons and messages are Kubernetes'. */
async function nonStructural({ spec }: SentDefinition): Promise<Condition | undefined> {
  const faults = spec?.preserveUnknownFields ? [fieldInvalid('spec.preserveUnknownFields', true, 'must be false')] : [];
  for (const [i, { name, schema }] of (spec?.versions ?? []).entries()) {
    const root = schema?.openAPIV3Schema;
    if (!root) continue;
    const why = await paced(unsupportedKeyword(root));
    if (why !== undefined) {
      const message = `failed to check validation schema for version ${name}: ${why}`;
      return { type: NON_STRUCTURAL, status: 'Unknown', reason: 'StructuralError', message };
    }
    const path = `spec.versions[${i}].schema.openAPIV3Schema`;
    // No definition comes into the store with a pattern that is none.
    faults.push(...(await paced(structuralFaults(root, path, { patterns: false }))));
  }
  if (faults.length === 0) return undefined;
  return { type: NON_STRUCTURAL, status: 'True', reason: 'Violations', message: fieldErrorsText(faults) };
}

function rulesNotEnforced(versions: readonly Version[]): Condition | undefined {
  const names = versions.filter(hasRules).map(({ name }) => name);
  if (names.length === 0) return undefined;
  const message = `x-kubernetes-validations are not enforced by this server yet: schema of ${names.join(', ')}`;
  return { type: RULES_NOT_ENFORCED, status: 'True', reason: 'ExpressionsNotSupported', message };
}
