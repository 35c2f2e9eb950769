import { createHash } from 'node:crypto';
import type { CallAnswer } from '@kubernest/apiserver/dialer';
import type { DiscoveredVersion, OpenApiDocument } from '@kubernest/definitions';
import type { Context, Milliseconds } from '@kubernest/kit';
import { jsonBytesInSteps, paced } from '@kubernest/meta';
import type { Backend } from '../backend.ts';
import { askBackend, type Reach } from '../backend-call.ts';
import { acceptAggregated, isAggregated, resourcesInGroups, resourcesInList } from './discovery.ts';
import { type OpenApiPart, partOf } from './open-api-v2.ts';
import { isDocument, locationIn } from './open-api-v3.ts';
import { version2As3 } from './version-2-as-3.ts';

/** As in Kubernetes. */
const DISCOVERY_WITHIN: Milliseconds = 5_000;
const OPENAPI_WITHIN: Milliseconds = 10_000;
/** Kept by this server, for all who ask. */
const MOST_OPENAPI_BYTES = 4 * 1024 * 1024;

/** What a backend last said of its group-version. */
export interface Description {
  readonly resources: DiscoveredVersion['resources'];
  readonly openApiV2?: OpenApiPart;
  readonly openApiV3?: OpenApiDocument;
}

interface Kept<T> {
  /** Of the answer, or where it was found: as long as it is the same the content is. */
  readonly tag: string;
  readonly content: T;
}

/** Asks a backend what it serves, and keeps what it said last, whatever becomes of it. */
export class BackendDescription {
  #discovery: Kept<Description['resources']> = { tag: '', content: [] };
  #openApiV2: Kept<OpenApiPart> | undefined;
  #openApiV3: Kept<OpenApiDocument> | undefined;
  /** It has no OpenAPI v3 at all. */
  #hasV2Alone = false;
  #converted: { readonly from: OpenApiPart; readonly document: OpenApiDocument } | undefined;

  constructor(private readonly reach: Reach) {}

  get known(): Description {
    const openApiV3 = this.#openApiV3?.content ?? this.#converted?.document;
    return {
      resources: this.#discovery.content,
      ...(this.#openApiV2 && { openApiV2: this.#openApiV2.content }),
      ...(openApiV3 && { openApiV3 }),
    };
  }

  /** Once for each content. */
  async #convertV2(): Promise<void> {
    const from = this.#hasV2Alone ? this.#openApiV2?.content : undefined;
    if (this.#converted?.from === from) return;
    if (!from) this.#converted = undefined;
    else {
      const bytes = await paced(jsonBytesInSteps(await paced(version2As3(from))));
      this.#converted = { from, document: { bytes, hash: digest(bytes) } };
    }
  }

  /** Throws where it does not say, not in time or something else: then it is known as before. */
  async askDiscovery(backend: Backend, ctx: Context): Promise<void> {
    const { tag, content } = this.#discovery;
    const answer = await this.#ask(backend, { path: '/apis', accept: acceptAggregated, tag }, ctx);
    if (answer.status === 304 && tag !== '') return;
    if (answer.status === 503) throw refused(answer);
    const isKnown = isAggregated(answer);
    const next = isKnown ? await paced(resourcesInGroups(answer.body, backend)) : await this.#askList(backend, ctx);
    const isSame = JSON.stringify(next) === JSON.stringify(content);
    this.#discovery = { tag: isKnown ? (answer.headers['etag'] ?? '') : '', content: isSame ? content : next };
  }

  async #askList(backend: Backend, ctx: Context): Promise<Description['resources']> {
    const path = `/apis/${backend.group}/${backend.version}`;
    const answer = await this.#ask(backend, { path, accept: 'application/json' }, ctx);
    if (answer.status !== 200) throw refused(answer);
    return paced(resourcesInList(answer.body, backend));
  }

  /** A server need not have any. To be asked for after v3, of which it may be all there is. */
  async askOpenApiV2(backend: Backend, ctx: Context): Promise<void> {
    await this.#readOpenApiV2(backend, ctx);
    await this.#convertV2();
  }

  async #readOpenApiV2(backend: Backend, ctx: Context): Promise<void> {
    const tag = this.#openApiV2?.tag ?? '';
    const answer = await this.#askOpenApi(backend, '/openapi/v2', tag, ctx);
    if (answer.status === 304 && tag !== '') return;
    if (answer.status === 404) this.#openApiV2 = undefined;
    if (answer.status !== 200) return;
    const etag = answer.headers['etag'] ?? digest(answer.body);
    if (etag !== tag) this.#openApiV2 = { tag: etag, content: await paced(partOf(answer.body, backend)) };
  }

  async askOpenApiV3(backend: Backend, ctx: Context): Promise<void> {
    const index = await this.#askOpenApi(backend, '/openapi/v3', '', ctx);
    if (index.status !== 200 && index.status !== 404) return;
    this.#hasV2Alone = index.status === 404;
    const location = index.status === 200 ? await paced(locationIn(index.body, backend)) : undefined;
    if (location === undefined) this.#openApiV3 = undefined;
    // compat: without a hash it is asked for each time.
    if (location === undefined || (location === this.#openApiV3?.tag && location.includes('?'))) return;
    const { status, body } = await this.#askOpenApi(backend, location, '', ctx);
    if (status !== 200 || !isDocument(body)) return;
    const hash = digest(body);
    const content = this.#openApiV3?.content.hash === hash ? this.#openApiV3.content : { bytes: body, hash };
    this.#openApiV3 = { tag: location, content };
  }

  #askOpenApi(backend: Backend, path: string, tag: string, ctx: Context): Promise<CallAnswer> {
    const limits = { timeout: OPENAPI_WITHIN, maxAnswerBytes: MOST_OPENAPI_BYTES };
    return this.#ask(backend, { path, accept: 'application/json', tag, limits }, ctx);
  }

  #ask(backend: Backend, { path, accept, tag = '', limits = { timeout: DISCOVERY_WITHIN } }: Asking, ctx: Context) {
    const headers = { accept, ...(tag !== '' && { 'if-none-match': tag }) };
    return askBackend(backend, this.reach, { path, headers, ...limits }, ctx);
  }
}

interface Asking {
  readonly path: string;
  readonly accept: string;
  readonly tag?: string;
  readonly limits?: { readonly timeout: Milliseconds; readonly maxAnswerBytes?: number };
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').toUpperCase();

const refused = ({ status, body }: CallAnswer): Error =>
  new Error(`it answered with ${status}: ${body.toString('utf8', 0, 200).trim()}`);
