import { createHash } from 'node:crypto';
import { jsonBytesInSteps, paced, type Steps } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { type DocumentPart, documentParts } from './document-parts.ts';
import { openApiV2Protobuf } from './gnostic/v2.ts';
import { openApiV3Protobuf } from './gnostic/v3.ts';
import type { Surroundings } from './operations.ts';
import type { Descriptions } from './schema-book.ts';
import { openApiV2 } from './v2.ts';
import { type OpenApiOptions, openApiV3 } from './v3.ts';

/** A document ready to be sent. `hash` names its content: an ETag, and the `hash` of an OpenAPI v3 URL. */
export interface OpenApiDocument {
  readonly bytes: Buffer;
  readonly hash: string;
}

export interface OpenApiSource extends Surroundings {
  /** What is served now. The same list as long as nothing changes. */
  readonly definitions: () => readonly ResourceDefinition[];
  /** Paths that are answered beside: `/openid/v1/jwks`. */
  readonly documents?: readonly string[];
  readonly version: string;
}

/** What clients accept: both are asked for. */
export const openApiV2ProtobufAccepts = [
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
] as const;
/** The Content-Type to answer with. compat: the `@` that clients ask with is refused by them as a media type. */
export const openApiV2ProtobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Likewise. */
export const openApiV3ProtobufAccepts = [
  'application/com.github.proto-openapi.spec.v3@v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v3.v1.0+protobuf',
] as const;
export const openApiV3ProtobufType = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';

/** The texts of built-in types: large, and read only when somebody asks for OpenAPI. */
export async function loadDescriptions(): Promise<Descriptions> {
  return (await import('../../../../generated/schema/descriptions.mjs')).data;
}

const HASHED_AT_ONCE = 256 * 1024;

function* asDocument(bytes: Buffer): Steps<OpenApiDocument> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
    yield;
  }
  return { bytes, hash: hash.digest('hex').toUpperCase() };
}

interface Built {
  /** What it describes. */
  readonly of: readonly ResourceDefinition[];
  readonly document: Promise<OpenApiDocument>;
}

type Build = (options: OpenApiOptions) => Steps<Buffer>;

/**
 * All OpenAPI documents, each built when first asked for and kept as long as what it describes is served unchanged. Hundreds of kinds make
 * one of many megabytes: others get their turn meanwhile.
 */
export class OpenApiDocuments {
  readonly #built = new Map<string, Built>();
  #parts: ReadonlyMap<string, DocumentPart> = new Map();
  #partsOf: readonly ResourceDefinition[] | undefined;

  constructor(private readonly source: OpenApiSource) {}

  /** `/openapi/v3`: where each document is found. */
  async index(): Promise<OpenApiDocument> {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const path of [...this.#current().keys()].sort()) {
      const document = await this.v3(path);
      // What has gone meanwhile is in the next index no longer.
      if (document) paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${document.hash}` };
    }
    return paced(asDocument(Buffer.from(JSON.stringify({ paths }))));
  }

  /** Below `/openapi/v3/`: `api/v1`, `apis/apps`, `apis/apps/v1`, `version`, …; undefined where there is none. */
  async v3(path: string): Promise<OpenApiDocument | undefined> {
    return this.#ofPart('v3', path, function* (part, options) {
      return yield* jsonBytesInSteps(yield* openApiV3(part, options));
    });
  }

  /** The same in protobuf. compat: under the hash of the JSON, as the index has one for both. */
  async v3Protobuf(path: string): Promise<OpenApiDocument | undefined> {
    const made = this.#ofPart('v3 protobuf', path, function* (part, options) {
      return yield* openApiV3Protobuf(yield* openApiV3(part, options));
    });
    const [json, protobuf] = await Promise.all([this.v3(path), made]);
    return json && protobuf && { bytes: protobuf.bytes, hash: json.hash };
  }

  /** `/openapi/v2` as JSON. */
  v2(): Promise<OpenApiDocument> {
    return this.#ofAll('v2', function* (parts, options) {
      return yield* jsonBytesInSteps(yield* openApiV2(parts, options));
    });
  }

  /** `/openapi/v2` and `/swagger-2.0.0.pb-v1` as protobuf. */
  v2Protobuf(): Promise<OpenApiDocument> {
    return this.#ofAll('v2 protobuf', function* (parts, options) {
      return yield* openApiV2Protobuf(yield* openApiV2(parts, options));
    });
  }

  #current(): ReadonlyMap<string, DocumentPart> {
    const { subresources, findBodyType, documents = [] } = this.source;
    const definitions = this.source.definitions();
    if (definitions !== this.#partsOf) {
      const parts = documentParts({ definitions, subresources, findBodyType, documents });
      this.#parts = new Map(parts.map((part) => [part.path, part]));
      this.#partsOf = definitions;
    }
    return this.#parts;
  }

  async #ofPart(
    form: string,
    path: string,
    build: (part: DocumentPart, options: OpenApiOptions) => Steps<Buffer>,
  ): Promise<OpenApiDocument | undefined> {
    const part = this.#current().get(path);
    const key = `${form} ${path}`;
    if (part) return this.#once(key, part.definitions, (options) => build(part, options));
    this.#built.delete(key);
    return undefined;
  }

  #ofAll(
    form: string,
    build: (parts: readonly DocumentPart[], options: OpenApiOptions) => Steps<Buffer>,
  ): Promise<OpenApiDocument> {
    const parts = [...this.#current().values()];
    return this.#once(form, this.source.definitions(), (options) => build(parts, options));
  }

  #once(key: string, of: readonly ResourceDefinition[], build: Build): Promise<OpenApiDocument> {
    const known = this.#built.get(key);
    if (known && isSame(known.of, of)) return known.document;
    const { version } = this.source;
    const document = loadDescriptions().then((descriptions) => paced(built(build({ descriptions, version }))));
    this.#built.set(key, { of, document });
    return document;
  }
}

function* built(steps: Steps<Buffer>): Steps<OpenApiDocument> {
  return yield* asDocument(yield* steps);
}

const isSame = (a: readonly ResourceDefinition[], b: readonly ResourceDefinition[]): boolean =>
  a === b || (a.length === b.length && a.every((definition, index) => definition === b[index]));
