import { createHash } from 'node:crypto';
import { apiVersionOf } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { groupsOf, inGroupVersion } from '../discovery-documents/index.ts';
import { openApiV2Protobuf } from './gnostic/v2.ts';
import { openApiV3Protobuf } from './gnostic/v3.ts';
import { rootPath } from './names.ts';
import type { Descriptions } from './openapi-schemas.ts';
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

function asDocument(bytes: Buffer): OpenApiDocument {
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex').toUpperCase() };
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

interface Built {
  /** What it describes. */
  readonly of: readonly ResourceDefinition[];
  readonly document: Promise<OpenApiDocument>;
}

type Build = (definitions: readonly ResourceDefinition[], options: OpenApiOptions) => Buffer;

/** All OpenAPI documents, each built when first asked for and kept as long as what it describes is served unchanged. */
export class OpenApiDocuments {
  readonly #built = new Map<string, Built>();

  constructor(private readonly source: OpenApiSource) {}

  /** `/openapi/v3`: where each group and version is found. */
  async index(): Promise<OpenApiDocument> {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    for (const { group, versions } of groupsOf(this.source.definitions()))
      for (const version of versions) {
        const document = await this.v3({ group, version });
        if (!document) continue;
        const path = rootPath({ group, version }).slice(1);
        paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${document.hash}` };
      }
    return asDocument(Buffer.from(JSON.stringify({ paths })));
  }

  /** `/openapi/v3/api/v1`, `/openapi/v3/apis/apps/v1`, …; undefined where nothing is served. */
  async v3(gv: GroupVersion): Promise<OpenApiDocument | undefined> {
    return this.#ofVersion('v3', gv, (definitions, options) =>
      Buffer.from(JSON.stringify(openApiV3(definitions, gv, options))),
    );
  }

  /** The same in protobuf. compat: under the hash of the JSON, as the index has one for both. */
  async v3Protobuf(gv: GroupVersion): Promise<OpenApiDocument | undefined> {
    const [json, made] = await Promise.all([
      this.v3(gv),
      this.#ofVersion('v3 protobuf', gv, (definitions, options) =>
        openApiV3Protobuf(openApiV3(definitions, gv, options)!),
      ),
    ]);
    return json && made && { bytes: made.bytes, hash: json.hash };
  }

  /** `/openapi/v2` as JSON. */
  v2(): Promise<OpenApiDocument> {
    return this.#once('v2', this.source.definitions(), (definitions, options) =>
      Buffer.from(JSON.stringify(openApiV2(definitions, options))),
    );
  }

  /** `/openapi/v2` and `/swagger-2.0.0.pb-v1` as protobuf. */
  v2Protobuf(): Promise<OpenApiDocument> {
    return this.#once('v2 protobuf', this.source.definitions(), (definitions, options) =>
      openApiV2Protobuf(openApiV2(definitions, options)),
    );
  }

  async #ofVersion(form: string, gv: GroupVersion, build: Build): Promise<OpenApiDocument | undefined> {
    const key = `${form} ${apiVersionOf(gv)}`;
    const served = inGroupVersion(this.source.definitions(), gv);
    if (served.length > 0) return this.#once(key, served, build);
    this.#built.delete(key);
    return undefined;
  }

  #once(key: string, of: readonly ResourceDefinition[], build: Build): Promise<OpenApiDocument> {
    const known = this.#built.get(key);
    if (known && isSame(known.of, of)) return known.document;
    const { version, subresources, findBodyType } = this.source;
    const document = loadDescriptions().then((descriptions) =>
      asDocument(build(of, { descriptions, version, subresources, findBodyType })),
    );
    this.#built.set(key, { of, document });
    return document;
  }
}

const isSame = (a: readonly ResourceDefinition[], b: readonly ResourceDefinition[]): boolean =>
  a === b || (a.length === b.length && a.every((definition, index) => definition === b[index]));
