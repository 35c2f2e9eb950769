import { createHash } from 'node:crypto';
import { apiVersionOf } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { groupsOf, inGroupVersion } from '../discovery-documents/index.ts';
import { noOtherApis, type OtherApis } from '../other-apis.ts';
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
  readonly others: OtherApis;
  readonly document: Promise<OpenApiDocument>;
}

type Build = (definitions: readonly ResourceDefinition[], options: OpenApiOptions) => Buffer;

/** All OpenAPI documents, each built when first asked for and kept as long as what it describes is served unchanged. */
export class OpenApiDocuments {
  readonly #built = new Map<string, Built>();

  readonly #converted = new WeakMap<OpenApiDocument, OpenApiDocument | undefined>();

  constructor(private readonly source: OpenApiSource) {}

  /** `/openapi/v3`: where each group and version is found. */
  async index(): Promise<OpenApiDocument> {
    const paths: Record<string, { serverRelativeURL: string }> = {};
    const own = groupsOf(this.source.definitions()).flatMap(({ group, versions }) =>
      versions.map((version) => ({ group, version })),
    );
    for (const gv of [...own, ...this.#others.versions]) {
      const document = await this.v3(gv);
      if (!document) continue;
      const path = rootPath(gv).slice(1);
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${document.hash}` };
    }
    return asDocument(Buffer.from(JSON.stringify({ paths })));
  }

  /** `/openapi/v3/api/v1`, `/openapi/v3/apis/apps/v1`, …; undefined where nothing is served. */
  async v3(gv: GroupVersion): Promise<OpenApiDocument | undefined> {
    if (this.#others.serves(gv)) return this.#others.openApiV3(gv);
    return this.#ofVersion('v3', gv, (definitions, options) =>
      Buffer.from(JSON.stringify(openApiV3(definitions, gv, options))),
    );
  }

  /** The same in protobuf. compat: under the hash of the JSON, as the index has one for both. */
  async v3Protobuf(gv: GroupVersion): Promise<OpenApiDocument | undefined> {
    if (this.#others.serves(gv)) return this.#convert(this.#others.openApiV3(gv));
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
    return this.#ofAll('v2', (document) => Buffer.from(JSON.stringify(document)));
  }

  /** `/openapi/v2` and `/swagger-2.0.0.pb-v1` as protobuf. */
  v2Protobuf(): Promise<OpenApiDocument> {
    return this.#ofAll('v2 protobuf', openApiV2Protobuf);
  }

  get #others(): OtherApis {
    return this.source.others?.() ?? noOtherApis;
  }

  #ofAll(form: string, write: (document: OpenApiSchema) => Buffer): Promise<OpenApiDocument> {
    const others = this.#others;
    const all = this.source.definitions();
    const own = others.versions.length > 0 ? all.filter((definition) => !others.serves(definition)) : all;
    return this.#once(form, { of: own, others }, (definitions, options) =>
      write(others.openApiV2(openApiV2(definitions, options))),
    );
  }

  /** Nobody knows what another server wrote: what cannot be written otherwise is not there. */
  #convert(json: OpenApiDocument | undefined): OpenApiDocument | undefined {
    if (!json || this.#converted.has(json)) return json && this.#converted.get(json);
    let made: OpenApiDocument | undefined;
    try {
      made = { bytes: openApiV3Protobuf(JSON.parse(json.bytes.toString('utf8'))), hash: json.hash };
    } catch {
      made = undefined;
    }
    this.#converted.set(json, made);
    return made;
  }

  async #ofVersion(form: string, gv: GroupVersion, build: Build): Promise<OpenApiDocument | undefined> {
    const key = `${form} ${apiVersionOf(gv)}`;
    const served = inGroupVersion(this.source.definitions(), gv);
    if (served.length > 0) return this.#once(key, { of: served, others: noOtherApis }, build);
    this.#built.delete(key);
    return undefined;
  }

  #once(key: string, { of, others }: Omit<Built, 'document'>, build: Build): Promise<OpenApiDocument> {
    const known = this.#built.get(key);
    if (known?.others === others && isSame(known.of, of)) return known.document;
    const { version, subresources, findBodyType } = this.source;
    const document = loadDescriptions().then((descriptions) =>
      asDocument(build(of, { descriptions, version, subresources, findBodyType })),
    );
    this.#built.set(key, { of, others, document });
    return document;
  }
}

const isSame = (a: readonly ResourceDefinition[], b: readonly ResourceDefinition[]): boolean =>
  a === b || (a.length === b.length && a.every((definition, index) => definition === b[index]));
