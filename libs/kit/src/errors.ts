/** A fault that no retry can mend: engines stop retrying and report it. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** True when `error` is what an aborted call rejects with. */
export function isAborted(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
