import type { KubeObject } from '@kubernest/meta';

const written = new WeakMap<Uint8Array, KubeObject>();

/**
 * Keeps what was just encoded as `bytes`, so that it need not be decoded when a store of this process hands those very bytes to its
 * watchers. `object` is given away, with all that hangs on it.
 */
export const keepWritten = (bytes: Uint8Array, object: KubeObject): unknown => written.set(bytes, object);

/** What was encoded as `bytes`; only the first who asks gets it, so that it is nobody else's. */
export function takeWritten(bytes: Uint8Array): KubeObject | undefined {
  const object = written.get(bytes);
  if (object) written.delete(bytes);
  return object;
}
