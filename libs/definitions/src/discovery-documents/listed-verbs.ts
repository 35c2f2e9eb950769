import type { ResourceDefinition } from '../definition.ts';

const writing: readonly string[] = ['create', 'patch', 'update'];

/** compat: of a kind that goes, what makes or changes objects is listed no more, though they can still be changed. */
export const listedVerbs = ({ takesNoNew, verbs }: ResourceDefinition): readonly string[] =>
  verbs.filter((verb) => takesNoNew === undefined || !writing.includes(verb)).sort();
