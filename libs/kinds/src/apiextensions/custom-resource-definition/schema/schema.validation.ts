import { MOST_FAULTS } from '@kubernest/definitions';
import { atOnce, type FieldError, fieldInvalid } from '@kubernest/meta';
import { type JsonSchemaProps, structuralFaults, unsupportedKeyword, whyUnsupported } from '@kubernest/structural';
import type { Leniency } from '../leniency.ts';
import { isOfUnknownFields, validateDefaults } from './defaults.validation.ts';
import { keywordFaults, preservationFaults } from './keywords.validation.ts';
import { listTypeFaults } from './list-types.validation.ts';
import { childrenOf, type Place } from './place.ts';
import { rootFaults } from './root.validation.ts';
import { oldSelfFaults, ruleFaults } from './rules.validation.ts';

export interface SchemaRules {
  readonly leniency: Leniency;
  readonly hasStatus: boolean;
  readonly mustBeStructural: boolean;
}

/** All that is wrong with the schema of a version. Linear in its size; as deep as it may be sent. */
export function validateSchema(schema: JsonSchemaProps, path: string, rules: SchemaRules): FieldError[] {
  const { leniency, hasStatus, mustBeStructural } = rules;
  const unsupported = atOnce(unsupportedKeyword(schema));
  const isChecked = mustBeStructural && unsupported === undefined;
  const structure = isChecked ? structureFaults(schema, path, leniency) : [];
  const walk = new SchemaWalk(leniency);
  walk.visit(schema, { path, isRoot: true, hasRules: isChecked && structure.length === 0 });
  const faults = [...rootFaults(schema, path, hasStatus), ...structure, ...walk.faults, ...walk.ruleFaults];
  // compat: mostly the same has been told in other words.
  if (faults.length === 0 && mustBeStructural && unsupported !== undefined)
    return [fieldInvalid(path, '', unsupported)];
  return faults;
}

function structureFaults(schema: JsonSchemaProps, path: string, { unprunedDefaults }: Leniency): FieldError[] {
  const faults = atOnce(structuralFaults(schema, path));
  if (faults.length > 0) return faults;
  const ofDefaults = validateDefaults(schema, path);
  return unprunedDefaults ? ofDefaults.filter((fault) => !isOfUnknownFields(fault)) : ofDefaults;
}

class SchemaWalk {
  readonly faults: FieldError[] = [];
  /** Told after all others. */
  readonly ruleFaults: FieldError[] = [];

  constructor(private readonly leniency: Leniency) {}

  /** Whether a structural schema can be made of it. */
  visit(schema: JsonSchemaProps, place: Place): boolean {
    const before = this.faults.length;
    if (before >= MOST_FAULTS) return false;
    const { path } = place;
    this.#report(keywordFaults(schema, place, this.leniency));
    let isSupported = whyUnsupported(schema) === undefined;
    for (const child of childrenOf(schema, place)) isSupported = this.visit(child.schema, child.place) && isSupported;
    this.#report(preservationFaults(schema, path));
    this.#report(listTypeFaults(schema, path, this.leniency));
    this.#report(ruleFaults(schema, path, { followsPaths: isSupported }));
    if (place.hasRules && this.faults.length === before) this.ruleFaults.push(...oldSelfFaults(schema, place));
    return isSupported;
  }

  #report(faults: readonly FieldError[]): void {
    for (const fault of faults) this.faults.push(fault);
  }
}
