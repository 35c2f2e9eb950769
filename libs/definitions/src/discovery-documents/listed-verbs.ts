import type { ResourceDefinition, Verb } from '../definition.ts';

const writing: readonly Verb[] = ['create', 'patch', 'update'];
/** compat: those of a custom kind are listed in this order, all others by name. */
const ofCustomKinds: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

/** compat: of a kind that goes, what makes or changes objects is listed no more, though they can still be changed. */
export function listedVerbs({ takesNoNew, verbs, customSchema }: ResourceDefinition): readonly Verb[] {
  const ordered = customSchema ? ofCustomKinds.filter((verb) => verbs.includes(verb)) : [...verbs].sort();
  return takesNoNew === undefined ? ordered : ordered.filter((verb) => !writing.includes(verb));
}
