import { atOnce, type FieldError, fieldInvalid } from '@kubernest/meta';
import { type JsonSchemaProps, structuralFaults, unsupportedKeyword } from '@kubernest/structural';
import { MOST_FAULTS } from '../../../faults.ts';
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
  const walk = new SchemaWalk(leniency, unsupported === undefined);
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

  constructor(
    private readonly leniency: Leniency,
    /** compat: in one of which no structural schema can be made paths are not followed. */
    private readonly followsPaths: boolean,
  ) {}

  visit(schema: JsonSchemaProps, place: Place): void {
    const before = this.faults.length;
    if (before >= MOST_FAULTS) return;
    const { path } = place;
    this.#report(keywordFaults(schema, place, this.leniency));
    for (const child of childrenOf(schema, place)) this.visit(child.schema, child.place);
    this.#report(preservationFaults(schema, path));
    this.#report(listTypeFaults(schema, path, this.leniency));
    this.#report(ruleFaults(schema, path, this.followsPaths));
    if (place.hasRules && this.faults.length === before) this.ruleFaults.push(...oldSelfFaults(schema, place));
  }

  #report(faults: readonly FieldError[]): void {
    for (const fault of faults) this.faults.push(fault);
  }
}
