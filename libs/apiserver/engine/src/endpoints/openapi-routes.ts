import {
  type OpenApiDocument,
  type OpenApiDocuments,
  openApiV2ProtobufAccepts,
  openApiV2ProtobufType,
} from '@kubernest/kinds';
import type { ApiRequest, ApiResponse } from '../contract/index.ts';
import { packed } from '../responses.ts';

const JSON_TYPE = 'application/json';

/** `/openapi/v2`, `/openapi/v3` and each version's document below it; undefined for any other path. */
export async function describeApi(documents: OpenApiDocuments, request: ApiRequest): Promise<ApiResponse | undefined> {
  const { path } = request;
  if (path === '/openapi/v2') return v2(documents, request);
  if (path === '/openapi/v3' || path === '/openapi/v3/') return answer(request, await documents.index(), JSON_TYPE);
  const match = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  const document = await documents.v3({ group: match[1] ?? '', version: match[2]! });
  return document && answer(request, document, JSON_TYPE);
}

/** compat: kubectl before 1.28 reads protobuf alone. */
async function v2(documents: OpenApiDocuments, request: ApiRequest): Promise<ApiResponse> {
  const accept = request.headers['accept'] ?? '';
  if (openApiV2ProtobufAccepts.some((type) => accept.includes(type))) {
    return answer(request, await documents.v2Protobuf(), openApiV2ProtobufType);
  }
  return answer(request, await documents.v2(), JSON_TYPE);
}

function answer(
  request: ApiRequest,
  { bytes, hash }: OpenApiDocument,
  contentType: string,
): Promise<ApiResponse> | ApiResponse {
  const etag = `"${hash}"`;
  // compat: a URL that names its own hash never changes.
  const cache = request.query.get('hash') === hash ? 'public, immutable' : 'no-cache, private';
  const headers = { 'content-type': contentType, etag, vary: 'Accept-Encoding, Accept', 'cache-control': cache };
  if (request.headers['if-none-match'] === etag) return { kind: 'bytes', status: 304, headers, body: [] };
  return packed(request, { kind: 'bytes', status: 200, headers, body: [bytes] });
}
