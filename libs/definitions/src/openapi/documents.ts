import { createHash } from 'node:crypto';
import { jsonBytesInSteps, paced, parseJson, type Steps } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { noOtherApis, type OtherApis } from '../other-apis.ts';
import { type DocumentPart, documentParts } from './document-parts.ts';
import { openApiV2Protobuf } from './gnostic/v2.ts';
import { openApiV3Protobuf } from './gnostic/v3.ts';
import { rootPath } from './names.ts';
import type { Descriptions, OpenApiSchema } from './openapi-schemas.ts';
import type { Surroundings } from './operations.ts';
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
  /** What other servers describe; the same object as long as nothing changes. None unless given. */
  readonly others?: () => OtherApis;
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

/** What is served now. */
interface Current {
  /** Without those that another server answers. */
  readonly definitions: readonly ResourceDefinition[];
  readonly others: OtherApis;
  /** Of this server's own, by their paths. */
  readonly parts: ReadonlyMap<string, DocumentPart>;
  /** Which group and version of another server is found at a path. */
  readonly othersAt: ReadonlyMap<string, OtherApis['versions'][number]>;
}

interface Built {
  /** What it describes. */
  readonly of: readonly ResourceDefinition[];
  readonly others: OtherApis;
  readonly document: Promise<OpenApiDocument>;
}

type Build = (options: OpenApiOptions) => Steps<Buffer>;
type Write = (document: OpenApiSchema) => Steps<Buffer>;

/**
 * All OpenAPI documents, each built when first asked for and kept as long as what it describes is served unchanged. Hundreds of kinds make
 * one of many megabytes: others get their turn meanwhile.
 */
export class OpenApiDocuments {
  readonly #built = new Map<string, Built>();
  readonly #converted = new WeakMap<OpenApiDocument, Promise<OpenApiDocument | undefined>>();
  #current: Current | undefined;
  #currentOf: readonly ResourceDefinition[] | undefined;

  constructor(private readonly source: OpenApiSource) {}

  /** `/openapi/v3`: where each document is found. */
  async index(): Promise<OpenApiDocument> {
    const { parts, othersAt } = this.#now();
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const path of [...parts.keys(), ...othersAt.keys()].sort()) {
      const document = await this.v3(path);
      // What has gone meanwhile is in the next index no longer.
      if (document) paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${document.hash}` };
    }
    return paced(asDocument(Buffer.from(JSON.stringify({ paths }))));
  }

  /** Below `/openapi/v3/`: `api/v1`, `apis/apps`, `apis/apps/v1`, `version`, …; undefined where there is none. */
  async v3(path: string): Promise<OpenApiDocument | undefined> {
    const { others, othersAt } = this.#now();
    const other = othersAt.get(path);
    return other ? others.openApiV3(other) : this.#ofPart('v3', path, jsonBytesInSteps);
  }

  /** The same in protobuf. compat: under the hash of the JSON, as the index has one for both. */
  async v3Protobuf(path: string): Promise<OpenApiDocument | undefined> {
    const { others, othersAt } = this.#now();
    const other = othersAt.get(path);
    if (other) return this.#convert(others.openApiV3(other));
    const [json, protobuf] = await Promise.all([this.v3(path), this.#ofPart('v3 protobuf', path, openApiV3Protobuf)]);
    return json && protobuf && { bytes: protobuf.bytes, hash: json.hash };
  }

  /** `/openapi/v2` as JSON. */
  v2(): Promise<OpenApiDocument> {
    return this.#ofAll('v2', jsonBytesInSteps);
  }

  /** `/openapi/v2` and `/swagger-2.0.0.pb-v1` as protobuf. */
  v2Protobuf(): Promise<OpenApiDocument> {
    return this.#ofAll('v2 protobuf', openApiV2Protobuf);
  }

  #now(): Current {
    const all = this.source.definitions();
    const others = this.source.others?.() ?? noOtherApis;
    if (!this.#current || this.#currentOf !== all || this.#current.others !== others) {
      this.#current = currentOf(this.source, others);
      this.#currentOf = all;
    }
    return this.#current;
  }

  /** Nobody knows what another server wrote: what cannot be written otherwise is not there. */
  #convert(json: OpenApiDocument | undefined): Promise<OpenApiDocument | undefined> | undefined {
    return json && this.#converted.getOrInsertComputed(json, inProtobuf);
  }

  async #ofPart(form: string, path: string, write: Write): Promise<OpenApiDocument | undefined> {
    const part = this.#now().parts.get(path);
    const key = `${form} ${path}`;
    if (part)
      return this.#once(key, { of: part.definitions, others: noOtherApis }, function* (options) {
        return yield* write(yield* openApiV3(part, options));
      });
    this.#built.delete(key);
    return undefined;
  }

  #ofAll(form: string, write: Write): Promise<OpenApiDocument> {
    const { definitions, others, parts } = this.#now();
    return this.#once(form, { of: definitions, others }, function* (options) {
      return yield* write(yield* others.openApiV2(yield* openApiV2([...parts.values()], options)));
    });
  }

  #once(key: string, { of, others }: Omit<Built, 'document'>, build: Build): Promise<OpenApiDocument> {
    const known = this.#built.get(key);
    if (known?.others === others && isSame(known.of, of)) return known.document;
    const { version } = this.source;
    const document = loadDescriptions().then((descriptions) => paced(built(build({ descriptions, version }))));
    this.#built.set(key, { of, others, document });
    return document;
  }
}

function currentOf({ definitions: all, documents = [], ...source }: OpenApiSource, others: OtherApis): Current {
  const { subresources, findBodyType } = source;
  const definitions = others.versions.length > 0 ? all().filter((each) => !others.serves(each)) : all();
  const parts = documentParts({ definitions, subresources, findBodyType, documents });
  return {
    definitions,
    others,
    parts: new Map(parts.map((part) => [part.path, part])),
    othersAt: new Map(others.versions.map((gv) => [rootPath(gv).slice(1), gv])),
  };
}

async function inProtobuf({ bytes, hash }: OpenApiDocument): Promise<OpenApiDocument | undefined> {
  try {
    return { bytes: await paced(openApiV3Protobuf(parseJson(bytes.toString('utf8')) as OpenApiSchema)), hash };
  } catch {
    return undefined;
  }
}

function* built(steps: Steps<Buffer>): Steps<OpenApiDocument> {
  return yield* asDocument(yield* steps);
}

const isSame = (a: readonly ResourceDefinition[], b: readonly ResourceDefinition[]): boolean =>
  a === b || (a.length === b.length && a.every((definition, index) => definition === b[index]));
