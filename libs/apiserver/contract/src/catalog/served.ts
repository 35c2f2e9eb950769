import type { ResourceDefinition } from '@kubernest/definitions';

/** One version of a kind, as paths name it. */
export type ServedName = Pick<ResourceDefinition, 'group' | 'version' | 'plural'>;

export const nameOf = ({ group, version, plural }: ServedName): string => `${group}/${version}/${plural}`;

/** What is served at one moment. Never changes: what comes, goes or changes makes another. */
export interface Served {
  /** Rises with each change within a process. */
  readonly revision: number;
  /** Every version of every kind, in the order of discovery. */
  readonly definitions: readonly ResourceDefinition[];
}

/** For whoever has to know at each moment what is served. */
export interface Serving {
  readonly current: Served;
}
