/** A fault that no retry can mend: engines stop retrying and report it. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** Whoever was asked has not answered in time: a fault of his, unlike an abort, which is his caller's wish. What came of it is not known. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** True when `error` is what an aborted call rejects with. */
export function isAborted(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
