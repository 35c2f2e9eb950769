import {
  type OpenApiDocument,
  type OpenApiDocuments,
  openApiV2ProtobufAccepts,
  openApiV2ProtobufType,
} from '@kubernest/kinds';
import type { ApiRequest, ApiResponse, BytesResponse } from '../contract/index.ts';
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
  if (!document) return undefined;
  return takesJson(request) ? answer(request, document, JSON_TYPE) : notAcceptable;
}

/** compat: a version's document has a form in protobuf, too, which is not made here: who asks for nothing else turns to v2. */
function takesJson({ headers }: ApiRequest): boolean {
  const clauses = (headers['accept'] || '*/*').split(',').map((clause) => clause.split(';')[0]!.trim().toLowerCase());
  return clauses.some((type) => /^(application|\*)\/(json|\*)$/.test(type));
}

const notAcceptable: BytesResponse = { kind: 'bytes', status: 406, headers: { vary: 'Accept' }, body: [] };

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
