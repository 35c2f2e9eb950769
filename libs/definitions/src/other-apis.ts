import type { Steps } from '@kubernest/meta';
import type { DiscoveredGroup } from './discovery-documents/index.ts';
import type { OpenApiDocument } from './openapi/documents.ts';
import type { OpenApiSchema } from './openapi/openapi-schemas.ts';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** What other servers answer within this API, as they describe it. Never changes: what does makes another. */
export interface OtherApis {
  readonly versions: readonly GroupVersion[];
  serves(gv: GroupVersion): boolean;
  /** All groups below `/apis`, where this server has its `own`: in the order in which clients prefer them. */
  groups(own: readonly DiscoveredGroup[]): readonly DiscoveredGroup[];
  /** The Swagger document of all of it; changes nothing of `own`. */
  openApiV2(own: OpenApiSchema): Steps<OpenApiSchema>;
  /** Undefined where the server has said nothing of it. */
  openApiV3(gv: GroupVersion): OpenApiDocument | undefined;
}

/** There are none. */
export const noOtherApis: OtherApis = {
  versions: [],
  serves: () => false,
  groups: (own) => own,
  *openApiV2(own) {
    yield;
    return own;
  },
  openApiV3: () => undefined,
};
