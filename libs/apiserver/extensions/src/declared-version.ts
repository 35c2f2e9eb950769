import type { CustomResourceDefinition } from '@kubernest/kinds';
import type { StructSchema } from '@kubernest/meta';
import type { JsonSchemaProps } from '@kubernest/structural';

export type Version = CustomResourceDefinition['spec']['versions'][number];
export type Scale = NonNullable<NonNullable<Version['subresources']>['scale']>;

/** One version of a custom kind. */
export interface DeclaredVersion {
  readonly crd: CustomResourceDefinition;
  readonly version: Version;
  /** Compiled when it is first asked for. */
  readonly schema: () => StructSchema;
}

/** As it stands on the wire. */
export const propsOf = ({ schema }: Version): JsonSchemaProps | undefined =>
  schema?.openAPIV3Schema as JsonSchemaProps | undefined;
