import { operationId } from './names.ts';
import { base, formsOf, type Operation, type Place, parametersAt } from './operation.ts';
import * as params from './parameters.ts';

function list(place: Place): Operation {
  const { definition, noun, reach = '' } = place;
  return {
    ...base(place, place.collection, definition),
    method: 'get',
    action: 'list',
    description: `list or watch objects of kind ${definition.kind}`,
    id: operationId('list', definition, noun + reach),
    parameters: parametersAt(place, params.listQuery),
    answer: { list: definition },
    media: formsOf(definition).list,
  };
}

function create(place: Place): Operation {
  const { definition, noun } = place;
  const { answer, body } = formsOf(definition);
  return {
    ...base(place, place.collection, definition),
    method: 'post',
    action: 'post',
    description: `create a ${definition.kind}`,
    id: operationId('create', definition, noun),
    parameters: parametersAt(place, params.writeQuery),
    body: { payload: { kind: definition }, media: body, required: true },
    answer: { kind: definition },
    media: answer,
    created: true,
    accepted: true,
  };
}

function deleteCollection(place: Place): Operation {
  const { definition, noun } = place;
  const { answer, body } = formsOf(definition);
  return {
    ...base(place, place.collection, definition),
    method: 'delete',
    action: 'deletecollection',
    description: `delete collection of ${definition.kind}`,
    id: operationId('delete', definition, `Collection${noun}`),
    parameters: parametersAt(place, params.selectionQuery, params.deleteQuery),
    body: { payload: { meta: 'DeleteOptions' }, media: body, required: false },
    answer: { meta: 'Status' },
    media: answer,
  };
}

/** What can be done with all objects of a kind. */
export function collectionOperations(place: Place): Operation[] {
  const { verbs } = place.definition;
  return [
    ...(verbs.includes('list') ? [list(place)] : []),
    ...(verbs.includes('create') ? [create(place)] : []),
    ...(verbs.includes('deletecollection') ? [deleteCollection(place)] : []),
  ];
}

/** A list through all namespaces. */
export const listEverywhere = (place: Place): Operation[] =>
  place.definition.verbs.includes('list') ? [list(place)] : [];
