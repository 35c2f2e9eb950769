/** There is no such file, or the process that it told of has ended. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');

/**
 * What was read; undefined where there is nothing to read. Any other fault (no descriptor left, a disk that fails) says nothing of what is
 * there, and is thrown: whoever took it for nothing would leave things behind, or take away what is in use.
 */
export async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
