import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { socketHolder } from '../machine/socket-holder.ts';

/** Ends a claim. */
export type LetGo = () => Promise<void>;

/**
 * Claims a thing of this machine for as long as this process lives, or until what is returned is called; undefined when it is taken. A socket that nobody
 * connects to, in the abstract name space: the kernel lets go of it however the process ends, and no file is left behind.
 */
export function claim(what: string): Promise<LetGo | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(`\0${nameOf(what)}`, () => {
      server.unref();
      resolve(() => new Promise((free) => void server.close(() => free())));
    });
  });
}

const nameOf = (what: string): string => `kubernest-${createHash('sha256').update(what).digest('hex')}`;

/** The process that has claimed it; undefined where it is free, or this user may not see who has it. */
export function claimHolder(what: string): number | undefined {
  const fields = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const inode = fields.find((line) => line[7] === `@${nameOf(what)}`)?.[6];
  return inode === undefined ? undefined : socketHolder(inode);
}
