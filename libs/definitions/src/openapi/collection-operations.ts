import { operationId } from './names.ts';
import { base, type Operation, type Place } from './operation.ts';
import * as params from './parameters.ts';

/** What can be done with all objects of a place at once, and create. */
export function collectionOperations(place: Place): Operation[] {
  const { definition, collection, scope, noun } = place;
  const common = base(place, collection, definition);
  const operations: Operation[] = [];
  const parameters = (...sets: readonly (readonly params.Parameter[])[]) =>
    params.mergeParameters(scope, [params.pretty], ...sets);
  if (definition.verbs.includes('list'))
    operations.push({
      ...common,
      method: 'get',
      action: 'list',
      id: operationId('list', definition, noun),
      parameters: parameters(params.listQuery),
      answer: { list: definition },
    });
  if (definition.verbs.includes('create'))
    operations.push({
      ...common,
      method: 'post',
      action: 'post',
      id: operationId('create', definition, noun),
      parameters: parameters(params.writeQuery),
      body: { kind: definition },
      answer: { kind: definition },
      created: true,
      accepted: true,
    });
  if (definition.verbs.includes('deletecollection'))
    operations.push({
      ...common,
      method: 'delete',
      action: 'deletecollection',
      id: operationId('delete', definition, `Collection${noun}`),
      parameters: parameters(params.listQuery, params.deleteQuery),
      body: { meta: 'DeleteOptions' },
      answer: { meta: 'Status' },
    });
  return operations;
}
