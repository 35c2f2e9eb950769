import { noSuchPath } from '@kubernest/apiserver/contract';
import { forbidden } from '@kubernest/meta';
import type { Engine } from '../engine.ts';
import type { WriteCall } from './write-call.ts';

/**
 * Refuses a new object of a kind that takes none any more, or that since this call began has gone or moved in or out of namespaces: who
 * deletes all objects of a kind would never see it. To be asked at the beginning, and once more when nothing stands before the store.
 */
export function mustTakeNew({ resources }: Engine, call: WriteCall, name: string | undefined): void {
  const { group, version, plural, namespaced } = call.resource.definition;
  const now = resources.find(group, version, plural)?.definition;
  if (now?.namespaced !== namespaced) throw noSuchPath();
  if (now.takesNoNew) throw forbidden({ group, resource: plural, ...(name && { name }) }, now.takesNoNew);
}
