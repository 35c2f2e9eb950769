import type { KubeObject } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';

/** A CustomResourceDefinition as it may be sent: nothing in it has to be there. */
export interface SentDefinition extends KubeObject {
  readonly spec?: Spec;
  readonly status?: {
    readonly acceptedNames?: Names;
    readonly storedVersions?: readonly string[];
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
  };
}

export interface Spec {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: Names;
  readonly versions?: readonly Version[];
  readonly conversion?: Conversion;
  readonly preserveUnknownFields?: boolean;
}

export interface Names {
  readonly plural?: string;
  readonly singular?: string;
  readonly kind?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** What versions may say alike. */
export interface VersionParts {
  readonly schema?: { readonly openAPIV3Schema?: JsonSchemaProps };
  readonly subresources?: Subresources;
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly SelectableField[];
}

export interface Version extends VersionParts {
  readonly name?: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
}

export interface Subresources {
  readonly status?: object;
  readonly scale?: {
    readonly specReplicasPath?: string;
    readonly statusReplicasPath?: string;
    readonly labelSelectorPath?: string;
  };
}

export interface PrinterColumn {
  readonly name?: string;
  readonly type?: string;
  readonly format?: string;
  readonly jsonPath?: string;
}

export interface SelectableField {
  readonly jsonPath?: string;
}

export interface Conversion {
  readonly strategy?: string;
  readonly webhook?: { readonly clientConfig?: WebhookClient; readonly conversionReviewVersions?: readonly string[] };
}

export interface WebhookClient {
  readonly url?: string;
  readonly service?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** Base64. */
  readonly caBundle?: string;
}

export const isConditionTrue = ({ status }: Pick<SentDefinition, 'status'>, type: string): boolean =>
  status?.conditions?.find((condition) => condition.type === type)?.status === 'True';
