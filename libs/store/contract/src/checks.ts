import { TooLargeError, type Transaction } from './store.ts';

/** More bytes of values in one transaction are refused by every adapter: what etcd takes with its defaults, less its own frame. */
export const MAX_TRANSACTION_BYTES = 1536 * 1024 - 4096;
/** More conditions or writes than this in one transaction are refused by every adapter: etcd takes 128 operations at most. */
export const MAX_OPERATIONS = 120;

/** Throws a `TypeError` that names the fault when `key` cannot be stored: empty, not well-formed text, or with a NUL. */
export function checkKey(key: string): void {
  if (key === '') throw new TypeError('key is empty');
  if (!key.isWellFormed()) throw new TypeError(`key ${JSON.stringify(key)} is not well-formed Unicode`);
  if (key.includes('\0')) throw new TypeError(`key ${JSON.stringify(key)} contains a NUL character`);
}

/**
 * Throws a `TypeError` that names the fault when a transaction cannot be what the caller means, `TooLargeError` when it is too large. Adapters call it before
 * anything else.
 */
export function checkTransaction({ conditions, writes, fence }: Transaction): void {
  for (const { key, revision } of conditions) {
    checkKey(key);
    if (!Number.isSafeInteger(revision) || revision < 0)
      throw new TypeError(`condition on ${key}: revision must be 0 or a whole number above, got ${revision}`);
  }
  if (fence) checkKey(fence.key);
  if (Math.max(writes.length, conditions.length) > MAX_OPERATIONS)
    throw new TypeError(`a transaction holds at most ${MAX_OPERATIONS} writes and as many conditions`);
  if (writes.length > 1 && new Set(writes.map((write) => write.key)).size < writes.length)
    throw new TypeError('two writes of one transaction name the same key');
  let bytes = 0;
  for (const write of writes) {
    checkKey(write.key);
    if (write.op === 'delete') continue;
    bytes += write.value.byteLength;
    if (bytes > MAX_TRANSACTION_BYTES)
      throw new TooLargeError(
        `the value of ${write.key} makes more than ${MAX_TRANSACTION_BYTES} bytes in one transaction`,
      );
    const seconds = write.expiresInSeconds;
    if (seconds !== undefined && !(Number.isFinite(seconds) && seconds > 0))
      throw new TypeError(`expiry of ${write.key} must be above 0 seconds, got ${seconds}`);
  }
}
