import type { ApiRequest } from '@kubernest/apiserver/contract';
import { readableQuery } from '@kubernest/meta';

/** What may stand in a path, or in a query, as it is. */
const notPlain = /[^\w\-.~$&+,/:;=@%!'()*?[\]]/g;

/** compat: no namespace is all of them, as clients that have none to name ask. */
const noNamespace = /^(\/apis\/[^/]+\/[^/]+(?:\/watch|\/proxy)?)\/namespaces\/\/(?=[^/])/;

const escaped = (text: string): string =>
  text.replace(notPlain, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** Path and query as a backend is asked: whoever reads them as URLs are read finds what was authorized, and nothing beside it. */
export function onwardPath({ path, search, query }: ApiRequest): string {
  const asked = search === undefined ? `${query}` : readableQuery(search.slice(1));
  return escaped(path.replace(noNamespace, '$1/')) + (asked === '' ? '' : `?${escaped(asked)}`);
}
