import { readdirSync, readlinkSync } from 'node:fs';
import { isMissing } from '@kubernest/process';

/** The process that has a socket open, by its inode; undefined where this user may not see it. */
export function socketHolder(inode: string): number | undefined {
  const socket = `socket:[${inode}]`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const holder = pids.find((pid) => {
    const folder = `/proc/${pid}/fd`;
    return unlessHidden(() => readdirSync(folder), []).some(
      (name) => unlessHidden(() => readlinkSync(`${folder}/${name}`), '') === socket,
    );
  });
  return holder === undefined ? undefined : Number(holder);
}

/** Processes end while one looks at them, those of others are none of this user's business, and what has a path too long to be told is no socket. */
function unlessHidden<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (isMissing(error) || ['EACCES', 'EPERM', 'ENAMETOOLONG'].includes(code)) return otherwise;
    throw error;
  }
}
