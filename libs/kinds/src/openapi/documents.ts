import { createHash } from 'node:crypto';
import { apiVersionOf } from '@kubernest/meta';
import type { ResourceDefinition } from '../definition.ts';
import { groupsOf, type SubresourceInfo } from '../discovery-documents/index.ts';
import { openApiV2Protobuf } from './gnostic/v2.ts';
import { openApiV3Protobuf } from './gnostic/v3.ts';
import { rootPath } from './names.ts';
import type { Descriptions } from './schema-book.ts';
import { openApiV2 } from './v2.ts';
import { openApiV3 } from './v3.ts';

/** A document ready to be sent. `hash` names its content: an ETag, and the `hash` of an OpenAPI v3 URL. */
export interface OpenApiDocument {
  readonly bytes: Buffer;
  readonly hash: string;
}

export interface OpenApiSource {
  /** Asked whenever something is built. */
  readonly definitions: () => readonly ResourceDefinition[];
  readonly subresources: () => readonly SubresourceInfo[];
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

/** All OpenAPI documents, each built when first asked for and kept until `changed` says that definitions came or went. */
export class OpenApiDocuments {
  private readonly built = new Map<string, Promise<OpenApiDocument | undefined>>();

  constructor(private readonly source: OpenApiSource) {}

  /** A CRD came, went or changed: all documents are built anew when next asked for. */
  changed(): void {
    this.built.clear();
  }

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
  v3(gv: { readonly group: string; readonly version: string }): Promise<OpenApiDocument | undefined> {
    return this.once(`v3 ${apiVersionOf(gv)}`, (options) => {
      const document = openApiV3(this.source.definitions(), gv, options);
      return document && Buffer.from(JSON.stringify(document));
    });
  }

  /** The same in protobuf. compat: under the hash of the JSON, as the index has one for both. */
  async v3Protobuf(gv: { readonly group: string; readonly version: string }): Promise<OpenApiDocument | undefined> {
    const [json, made] = await Promise.all([
      this.v3(gv),
      this.once(`v3 protobuf ${apiVersionOf(gv)}`, (options) => {
        const document = openApiV3(this.source.definitions(), gv, options);
        return document && openApiV3Protobuf(document);
      }),
    ]);
    return json && made && { bytes: made.bytes, hash: json.hash };
  }

  /** `/openapi/v2` as JSON. */
  async v2(): Promise<OpenApiDocument> {
    return (await this.once('v2', (options) =>
      Buffer.from(JSON.stringify(openApiV2(this.source.definitions(), options))),
    ))!;
  }

  /** `/openapi/v2` and `/swagger-2.0.0.pb-v1` as protobuf. */
  async v2Protobuf(): Promise<OpenApiDocument> {
    return (await this.once('v2 protobuf', (options) =>
      openApiV2Protobuf(openApiV2(this.source.definitions(), options)),
    ))!;
  }

  private once(
    key: string,
    build: (options: Parameters<typeof openApiV2>[1]) => Buffer | undefined,
  ): Promise<OpenApiDocument | undefined> {
    const known = this.built.get(key);
    if (known) return known;
    const { version, subresources } = this.source;
    const made = loadDescriptions().then((descriptions) => {
      const bytes = build({ descriptions, version, subresources: subresources() });
      return bytes && asDocument(bytes);
    });
    this.built.set(key, made);
    return made;
  }
}
