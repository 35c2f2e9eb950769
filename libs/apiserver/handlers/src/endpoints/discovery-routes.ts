import { type Media, mediaTypes } from '@kubernest/apiserver/codec';
import { type ApiRequest, type ApiResponse, type BytesResponse, noSuchPath } from '@kubernest/apiserver/contract';
import { withoutEnd } from '@kubernest/meta';
import { isKnownTo } from '../answers/if-none-match.ts';
import { packed } from '../answers/responses.ts';
import type { DiscoveryDocument, DiscoveryDocuments } from './discovery-documents.ts';
import { inMedia, wantedIn } from './discovery-media.ts';

/** `/api`, `/apis` and below, down to the list of resources of a version; undefined for any other path and for groups that nobody serves. */
export async function discover(documents: DiscoveryDocuments, request: ApiRequest): Promise<ApiResponse | undefined> {
  const [root, ...rest] = withoutEnd(request.path, '/').replace(/^\//, '').split('/');
  if (root !== 'api' && root !== 'apis') return undefined;
  if (rest.length === 0) return rootDocument(documents, request, root);
  if (root === 'apis' && !documents.group(rest[0]!)) return undefined;
  const found = document(documents, root, rest);
  if (!found) throw noSuchPath();
  const media = plainMedia(wantedIn(request.headers['accept'], { atRoot: false }).media);
  return packed(request, await answer(found, media, { 'content-type': mediaTypes[media] }));
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

const answer = async (
  document: DiscoveryDocument,
  media: Media,
  headers: BytesResponse['headers'],
): Promise<BytesResponse> => ({ kind: 'bytes', status: 200, headers, body: [await inMedia(document, media)] });

/** Whoever likes protobuf best reads JSON as well. */
const plainMedia = (media: Media): Media => (media === 'protobuf' ? 'json' : media);

/** Clients that can take everything at once do, and ask again only when the hash changed. */
async function rootDocument(
  documents: DiscoveryDocuments,
  request: ApiRequest,
  root: 'api' | 'apis',
): Promise<ApiResponse> {
  const { media, isAggregated } = wantedIn(request.headers['accept'], { atRoot: true });
  if (!isAggregated) {
    const plain = plainMedia(media);
    const found = root === 'apis' ? documents.groups() : documents.versions(request.headers['host'] ?? '');
    return answer(found, plain, { 'content-type': mediaTypes[plain], vary: 'Accept' });
  }
  const found = documents.aggregated(root === 'api' ? 'core' : 'groups');
  const headers = {
    'content-type': `${mediaTypes[media]};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`,
    etag: found.etag,
    vary: 'Accept',
    'cache-control': 'public',
  };
  if (isKnownTo(request.headers['if-none-match'], found.etag)) return { kind: 'bytes', status: 304, headers, body: [] };
  return packed(request, await answer(found, media, headers));
}
