import type { RequestInfo } from '@kubernest/apiserver/contract';
import { type Resource, ResourceSelection } from '@kubernest/apiserver/storage';
import { badRequest, parseFieldSelector, pinnedValue } from '@kubernest/meta';
import type { ListQuery } from './list-options.ts';

/** What the path names is all that is seen. */
export function selectionOf(
  { namespace, name, named }: RequestInfo,
  resource: Resource,
  query: ListQuery,
): ResourceSelection {
  if (!named) return new ResourceSelection(resource, { ...query, namespace });
  if (query.fieldSelector !== '' && pinnedValue(parseFieldSelector(query.fieldSelector), 'metadata.name') !== name)
    throw badRequest("fieldSelector metadata.name doesn't match requested name");
  return new ResourceSelection(resource, { ...query, namespace, name });
}
