import type { KubeObject } from '@kubernest/meta';

/** A draft may be changed by whoever the engine hands it to. */
export type Draft = Omit<{ -readonly [K in keyof KubeObject]: KubeObject[K] }, 'metadata'> & {
  metadata: { -readonly [K in keyof KubeObject['metadata']]: KubeObject['metadata'][K] };
  status?: unknown;
};
