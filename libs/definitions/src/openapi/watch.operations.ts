import { operationId } from './names.ts';
import { base, formsOf, type Operation, type Place } from './operation.ts';
import * as params from './parameters.ts';

const instead = "deprecated: use the 'watch' parameter with a list operation instead";

function watch(place: Place, path: string): Pick<Operation, 'method' | 'answer' | 'media'> & ReturnType<typeof base> {
  const { definition } = place;
  return {
    ...base(place, path, definition),
    method: 'get',
    answer: { meta: 'WatchEvent' },
    media: formsOf(definition).list,
  };
}

/** `…/watch/…`, the oldest way to watch. compat: of a custom kind there is none. */
export function watchOperations(place: Place): Operation[] {
  const { definition, collection, scope, noun, reach = '' } = place;
  if (!definition.verbs.includes('watch') || definition.customSchema) return [];
  const path = collection.replace(/^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)/, '$1/watch');
  const query = [params.pretty, ...params.listQuery];
  const list: Operation = {
    ...watch(place, path),
    action: 'watchlist',
    description: `watch individual changes to a list of ${definition.kind}. ${instead}.`,
    id: operationId('watch', definition, `${noun}List${reach}`),
    parameters: params.mergeParameters(scope, query),
  };
  if (reach !== '' || !definition.verbs.includes('get')) return [list];
  const one: Operation = {
    ...watch(place, `${path}/{name}`),
    action: 'watch',
    description: `watch changes to an object of kind ${definition.kind}. ${instead}, filtered to a single item with the 'fieldSelector' parameter.`,
    id: operationId('watch', definition, noun),
    parameters: params.mergeParameters(scope, [params.namePath], query),
  };
  return [list, one];
}
