import { mediaTypes, parseAccept } from '@kubernest/apiserver/codec';
import {
  type ApiRequest,
  type ApiResponse,
  type BytesResponse,
  jsonResponse,
  noSuchPath,
} from '@kubernest/apiserver/contract';
import type { AggregatedVersion } from '@kubernest/definitions';
import { notAcceptable } from '@kubernest/meta';
import { packed } from '../answers/responses.ts';
import type { DiscoveryDocument, DiscoveryDocuments } from './discovery-documents.ts';

const AGGREGATED =
  /application\/json;(?=[^,]*\bas=APIGroupDiscoveryList\b)(?=[^,]*\bg=apidiscovery\.k8s\.io\b)[^,]*\bv=(v2beta1|v2)\b/;

/** `/api`, `/apis` and below, down to the list of resources of a version; undefined for any other path and for groups that nobody serves. */
export async function discover(documents: DiscoveryDocuments, request: ApiRequest): Promise<ApiResponse | undefined> {
  const path = request.path.split('/').filter((part) => part !== '');
  const [root, ...rest] = path;
  if (root !== 'api' && root !== 'apis') return undefined;
  if (rest.length === 0) return rootDocument(documents, request, root);
  if (root === 'apis' && !documents.group(rest[0]!)) return undefined;
  const found = document(documents, root, rest);
  if (!found) throw noSuchPath();
  mustTakeObjects(request);
  return packed(request, answer(found, { 'content-type': mediaTypes.json }));
}

function document(
  documents: DiscoveryDocuments,
  root: 'api' | 'apis',
  rest: readonly string[],
): DiscoveryDocument | undefined {
  if (root === 'api') return rest.length === 1 ? documents.resources('', rest[0]!) : undefined;
  if (rest.length === 1) return documents.group(rest[0]!);
  return rest.length === 2 ? documents.resources(rest[0]!, rest[1]!) : undefined;
}

const answer = ({ bytes }: DiscoveryDocument, headers: BytesResponse['headers']): BytesResponse => ({
  kind: 'bytes',
  status: 200,
  headers,
  body: [bytes],
});

/** 406 for who can read nothing that this server writes; all others get JSON, whatever they like best. */
function mustTakeObjects(request: ApiRequest): void {
  if (parseAccept(request.headers['accept']).length === 0) throw notAcceptable([mediaTypes.json]);
}

/** Clients that can take everything at once do, and ask again only when the hash changed. */
function rootDocument(
  documents: DiscoveryDocuments,
  request: ApiRequest,
  root: 'api' | 'apis',
): ApiResponse | Promise<ApiResponse> {
  const version = AGGREGATED.exec(request.headers['accept'] ?? '')?.[1] as AggregatedVersion | undefined;
  if (!version) {
    mustTakeObjects(request);
    const headers = { 'content-type': mediaTypes.json, vary: 'Accept' };
    if (root === 'apis') return answer(documents.groups(), headers);
    return jsonResponse(200, documents.versions(request.headers['host'] ?? ''), headers);
  }
  const found = documents.aggregated(root === 'api' ? 'core' : 'groups', version);
  const headers = {
    'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    etag: found.etag,
    vary: 'Accept',
    'cache-control': 'public',
  };
  if (request.headers['if-none-match'] === found.etag) return { kind: 'bytes', status: 304, headers, body: [] };
  return packed(request, answer(found, headers));
}
