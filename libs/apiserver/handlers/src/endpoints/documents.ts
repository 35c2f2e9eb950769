import {
  type ApiRequest,
  type ApiResponse,
  type ApiServerParts,
  type Catalog,
  type Delegate,
  jsonResponse,
  type Subresource,
} from '@kubernest/apiserver/contract';
import type { Freshness } from '@kubernest/apiserver/storage';
import { noOtherApis, OpenApiDocuments, type SubresourceInfo } from '@kubernest/definitions';
import type { Context } from '@kubernest/kit';
import { pageNotFound } from '../answers/responses.ts';
import { DiscoveryDocuments } from './discovery-documents.ts';
import { discover } from './discovery-routes.ts';
import { type HealthCheck, healthChecks } from './health-checks.ts';
import { checkHealth, healthPaths } from './health-routes.ts';
import { describeApi } from './openapi-routes.ts';

type Document = (request: ApiRequest, ctx: Context) => Promise<ApiResponse> | ApiResponse;

export interface DocumentsParts extends Pick<ApiServerParts, 'findBodyType' | 'version'> {
  readonly catalog: Catalog;
  readonly subresources: readonly Subresource[];
  /** Who knows what other servers serve. */
  readonly delegate: Delegate | undefined;
  /** By exact path or by a prefix that ends in `/`. */
  readonly others: Readonly<Record<string, Document>>;
  readonly freshness: Freshness;
  /** Aborted when the server begins to stop. */
  readonly serving: AbortSignal;
}

/** Answers every path that no resource stands behind. */
export class Documents {
  readonly #discovery: DiscoveryDocuments;
  readonly #openApi: OpenApiDocuments;
  readonly #checks: readonly HealthCheck[];

  constructor(private readonly parts: DocumentsParts) {
    const { catalog, subresources, delegate, findBodyType, version } = parts;
    const described = {
      definitions: () => catalog.current.definitions,
      subresources: namedOf(subresources),
      others: () => delegate?.apis() ?? noOtherApis,
    };
    this.#discovery = new DiscoveryDocuments(described);
    const documents = Object.keys(parts.others);
    this.#openApi = new OpenApiDocuments({ ...described, findBodyType, version: version.gitVersion, documents });
    this.#checks = healthChecks(parts.freshness, parts.serving);
  }

  async handle(request: ApiRequest, ctx: Context): Promise<ApiResponse> {
    const { path } = request;
    const other = this.#other(path);
    if (other) return other(request, ctx);
    if (path === '/' || path === '/index.html') return jsonResponse(200, { paths: this.#paths() });
    if (path === '/version' || path === '/version/') return jsonResponse(200, versionDocument(this.parts.version));
    const answer =
      (await discover(this.#discovery, request)) ??
      (await checkHealth(this.#checks, request, ctx)) ??
      (await describeApi(this.#openApi, request, ctx));
    return answer ?? pageNotFound(request);
  }

  /** Every path that answers by itself, for those who look around. */
  #paths(): readonly string[] {
    const { catalog, delegate, others } = this.parts;
    const other = Object.keys(others).filter((path) => !path.endsWith('/'));
    const served = [...catalog.current.definitions, ...(delegate?.apis().versions ?? [])];
    const api = served.flatMap(({ group, version }) => pathsOf(group, version));
    return [...new Set([...fixedPaths, ...healthPaths(this.#checks), ...api, ...other])].sort();
  }

  #other(path: string): Document | undefined {
    const { others } = this.parts;
    const exact = others[path];
    if (exact) return exact;
    const prefix = Object.keys(others).find((key) => key.endsWith('/') && path.startsWith(key));
    return prefix === undefined ? undefined : others[prefix];
  }
}

/** Those that no definition implies. */
const namedOf = (subresources: readonly Subresource[]): readonly SubresourceInfo[] =>
  subresources.flatMap(({ of, name, verbs, body, options }) =>
    typeof of === 'function' ? [] : [{ of, name, verbs, ...(body && { body }), ...(options && { options }) }],
  );

const fixedPaths = ['/api', '/apis', '/openapi/v2', '/openapi/v3', '/version'];

const pathsOf = (group: string, version: string): readonly string[] =>
  group === ''
    ? [`/api/${version}`, `/openapi/v3/api/${version}`]
    : [`/apis/${group}`, `/apis/${group}/${version}`, `/openapi/v3/apis/${group}/${version}`];

const versionDocument = ({ major, minor, gitVersion }: ApiServerParts['version']): object => ({
  major,
  minor,
  // compat: it is no other version than it says, and one that the version before may stand beside.
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: String(Number(minor) - 1),
  gitVersion,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
});
