import { acceptClauses } from '@kubernest/apiserver/codec';
import type { ApiRequest, ApiResponse, BytesResponse } from '@kubernest/apiserver/contract';
import {
  type OpenApiDocument,
  type OpenApiDocuments,
  openApiV2ProtobufAccepts,
  openApiV2ProtobufType,
  openApiV3ProtobufAccepts,
  openApiV3ProtobufType,
} from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { isKnownTo } from '../answers/if-none-match.ts';
import { packed } from '../answers/responses.ts';

const JSON_TYPE = 'application/json';
const BELOW_V3 = '/openapi/v3/';

/** `/openapi/v2`, `/openapi/v3` and each document below it; undefined for any other path. */
export async function describeApi(
  documents: OpenApiDocuments,
  request: ApiRequest,
  { clock }: Pick<Context, 'clock'>,
): Promise<ApiResponse | undefined> {
  const { path } = request;
  if (path === '/openapi/v2') return v2(documents, request);
  if (path === '/openapi/v3' || path === '/openapi/v3/') return answer(request, await documents.index(), JSON_TYPE);
  if (!path.startsWith(BELOW_V3)) return undefined;
  return lasting(request, await v3(documents, path.slice(BELOW_V3.length), request), clock.now());
}

async function v3(documents: OpenApiDocuments, part: string, request: ApiRequest): Promise<ApiResponse | undefined> {
  const type = typeFor(request, v3Protobuf);
  const document = await (type === openApiV3ProtobufType ? documents.v3Protobuf(part) : documents.v3(part));
  if (!document) return undefined;
  if (!type) return notAcceptable;
  const asked = request.query.get('hash');
  if (!asked || asked === document.hash) return answer(request, document, type);
  const location = `${request.path}?hash=${document.hash}`;
  return { kind: 'bytes', status: 301, headers: { location, vary: 'Accept' }, body: [] };
}

/** compat: a URL that names its own hash never changes. */
function lasting(request: ApiRequest, response: ApiResponse | undefined, now: Date): ApiResponse | undefined {
  if (response?.kind !== 'bytes' && response?.kind !== 'pieces') return response;
  if (!request.query.get('hash') || (response.status !== 200 && response.status !== 304)) return response;
  const expires = new Date(now);
  expires.setUTCFullYear(now.getUTCFullYear() + 1);
  const headers = { 'cache-control': 'public, immutable', expires: expires.toUTCString() };
  return { ...response, headers: { ...response.headers, ...headers } };
}

interface ProtobufType {
  readonly type: string;
  /** What it is asked for by. */
  readonly accepts: readonly string[];
}
const v2Protobuf: ProtobufType = { type: openApiV2ProtobufType, accepts: openApiV2ProtobufAccepts };
const v3Protobuf: ProtobufType = { type: openApiV3ProtobufType, accepts: openApiV3ProtobufAccepts };

/** The first that is asked for and made here. */
function typeFor({ headers }: ApiRequest, protobuf: ProtobufType): string | undefined {
  for (const { type } of acceptClauses(headers['accept'] || '*/*')) {
    if (/^(application|\*)\/(json|\*)$/.test(type)) return JSON_TYPE;
    if (protobuf.accepts.some((known) => known === type)) return protobuf.type;
  }
  return undefined;
}

const notAcceptable: BytesResponse = { kind: 'bytes', status: 406, headers: { vary: 'Accept' }, body: [] };

/** compat: kubectl before 1.28 reads protobuf alone. */
async function v2(documents: OpenApiDocuments, request: ApiRequest): Promise<ApiResponse> {
  const type = typeFor(request, v2Protobuf);
  if (!type) return notAcceptable;
  return answer(request, await (type === JSON_TYPE ? documents.v2() : documents.v2Protobuf()), type);
}

function answer(
  request: ApiRequest,
  { bytes, hash }: OpenApiDocument,
  contentType: string,
): Promise<ApiResponse> | ApiResponse {
  const etag = `"${hash}"`;
  const cache = 'no-cache, private';
  const headers = { 'content-type': contentType, etag, vary: 'Accept-Encoding, Accept', 'cache-control': cache };
  if (isKnownTo(request.headers['if-none-match'], etag)) return { kind: 'bytes', status: 304, headers, body: [] };
  return packed(request, { kind: 'bytes', status: 200, headers, body: [bytes] });
}
