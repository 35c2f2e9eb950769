import { createHash } from 'node:crypto';
import {
  type AggregatedVersion,
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  type ResourceDefinition,
  type SubresourceInfo,
} from '@kubernest/kinds';
import type { ApiRequest, ApiResponse } from '../contract/index.ts';
import { jsonResponse, noSuchPath, packed } from '../responses.ts';

const AGGREGATED =
  /application\/json;(?=[^,]*\bas=APIGroupDiscoveryList\b)(?=[^,]*\bg=apidiscovery\.k8s\.io\b)[^,]*\bv=(v2beta1|v2)\b/;

export interface DiscoveryParts {
  readonly definitions: () => readonly ResourceDefinition[];
  readonly subresources: () => readonly SubresourceInfo[];
}

/** `/api`, `/apis` and below, down to the list of resources of a version; undefined for any other path and for groups that nobody serves. */
export async function discover(parts: DiscoveryParts, request: ApiRequest): Promise<ApiResponse | undefined> {
  const path = request.path.split('/').filter((part) => part !== '');
  const [root, ...rest] = path;
  if (root !== 'api' && root !== 'apis') return undefined;
  if (rest.length === 0) return rootDocument(parts, request, root);
  if (root === 'apis' && !parts.definitions().some(({ group }) => group === rest[0])) return undefined;
  return packed(request, jsonResponse(200, found(document(parts, root, rest))));
}

function document(parts: DiscoveryParts, root: 'api' | 'apis', rest: readonly string[]): object | undefined {
  const definitions = parts.definitions();
  const subresources = parts.subresources();
  if (root === 'api') {
    return rest.length === 1 ? apiResourceList(definitions, subresources, { group: '', version: rest[0]! }) : undefined;
  }
  if (rest.length === 1) return apiGroup(definitions, rest[0]!);
  return rest.length === 2
    ? apiResourceList(definitions, subresources, { group: rest[0]!, version: rest[1]! })
    : undefined;
}

function found(document: object | undefined): object {
  if (!document) throw noSuchPath();
  return document;
}

/** Clients that can take everything at once do, and ask again only when the hash changed. */
function rootDocument(
  parts: DiscoveryParts,
  request: ApiRequest,
  root: 'api' | 'apis',
): ApiResponse | Promise<ApiResponse> {
  const version = AGGREGATED.exec(request.headers['accept'] ?? '')?.[1] as AggregatedVersion | undefined;
  const definitions = parts.definitions();
  if (!version) {
    const address = request.headers['host'] ?? '';
    return jsonResponse(200, root === 'api' ? apiVersions(definitions, address) : apiGroupList(definitions), {
      'content-type': 'application/json',
      vary: 'Accept',
    });
  }
  const body = Buffer.from(
    JSON.stringify(aggregatedDiscovery(definitions, parts.subresources(), root === 'api' ? 'core' : 'groups', version)),
  );
  const etag = `"${createHash('sha256').update(body).digest('hex').toUpperCase()}"`;
  const headers = {
    'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    etag,
    vary: 'Accept',
    'cache-control': 'public',
  };
  if (request.headers['if-none-match'] === etag) return { kind: 'bytes', status: 304, headers, body: [] };
  return packed(request, { kind: 'bytes', status: 200, headers, body: [body] });
}
