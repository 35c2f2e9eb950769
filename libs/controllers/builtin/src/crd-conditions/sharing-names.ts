import type { InformerSet } from '@kubernest/client';
import type { SentDefinition } from '@kubernest/kinds';
import { refs } from '../shared/refs.ts';
import type { Names } from './accepted-names.plan.ts';

const BY_NAME = 'crd-names';

/**
 * This definition, those that ask for or have one of its names, those that share one with these, and so on: nobody else matters to who
 * gets which name. Mostly it is alone, however many there are.
 */
export function sharingNames(crd: SentDefinition, informers: InformerSet): readonly SentDefinition[] {
  const all = informers.of<SentDefinition>(refs.customResourceDefinitions);
  all.addIndex(BY_NAME, namesOf);
  const found = new Map([[crd.metadata.name!, crd]]);
  // Thousands may share one: who has it is asked once.
  const asked = new Set<string>();
  for (const each of found.values())
    for (const name of namesOf(each)) {
      if (asked.has(name)) continue;
      asked.add(name);
      for (const other of all.byIndex(BY_NAME, name)) found.getOrInsert(other.metadata.name!, other);
    }
  return [...found.values()];
}

/** In its group; names of resources are one space and kinds another. */
function namesOf({ spec, status }: SentDefinition): readonly string[] {
  const names = [spec?.names, status?.acceptedNames].flatMap((each) => (each ? spacedNames(each) : []));
  return [...new Set(names)].map((name) => `${spec?.group} ${name}`);
}

function spacedNames({ plural, singular, shortNames = [], kind, listKind }: Partial<Names>): readonly string[] {
  const named = (space: string, names: readonly (string | undefined)[]) =>
    names.flatMap((name) => (name ? [`${space} ${name}`] : []));
  return [...named('resource', [plural, singular, ...shortNames]), ...named('kind', [kind, listKind])];
}
