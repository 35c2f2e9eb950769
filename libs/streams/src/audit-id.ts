import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** By what this request is found again, in its client's log and in ours: what the client calls it, or a new name. */
export function auditIdOf(
  request: Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'headersDistinct'>>,
): string {
  const own = request.headers['audit-id'];
  if (!own) return randomUUID();
  // compat: of several the first, and as it was sent, however long the head of a request may be.
  const [first] = request.headersDistinct ? (request.headersDistinct['audit-id'] ?? []) : [String(own)];
  return first || randomUUID();
}
