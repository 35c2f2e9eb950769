import { messageOf } from '@kubernest/kit';

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'a file is where a folder should be',
  ENOTDIR: 'what should be a folder in its path is none',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not do that; run this as the one to whom it belongs, such as with sudo',
  EPERM: 'this user may not do that; run this as the one to whom it belongs, such as with sudo',
  EROFS: 'the file system is read-only',
  ENOSPC: 'there is no space left',
  EDQUOT: 'there is no space left for this user',
  EFBIG: 'the file is as large as it may be',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
};

/** Why a file could not be read or written, on one line: without the system's call and number, and without the place that a parser draws. */
export function fileFault(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is no JSON';
  const known = words[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  return known ?? messageOf(error).split('\n')[0]!.replace(/:$/, '');
}
