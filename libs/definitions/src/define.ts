import type { KubeObject } from '@kubernest/meta';
import type { ResourceDefinition, Verb } from './definition.ts';

export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Lets a kind be written with its own type and listed with all others, as engines know objects only as KubeObject. */
export function define<T extends KubeObject>(definition: ResourceDefinition<T>): ResourceDefinition {
  return definition as unknown as ResourceDefinition;
}

/** A draft as a plain record, for the functions that change one in place. */
export function draftOf(draft: KubeObject): Record<string, unknown> {
  return draft as unknown as Record<string, unknown>;
}

/** What a list of its objects is called. */
export const listKindOf = ({ kind, listKind = `${kind}List` }: Pick<ResourceDefinition, 'kind' | 'listKind'>): string =>
  listKind;
