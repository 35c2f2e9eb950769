import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Claims a thing of this machine for as long as this process lives, or until what is returned is called; undefined when it is taken. A socket that nobody
 * connects to, in the abstract name space: the kernel lets go of it however the process ends, and no file is left behind.
 */
export function claim(what: string): Promise<(() => Promise<void>) | undefined> {
  const name = createHash('sha256').update(what).digest('hex');
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(`\0kubernest-${name}`, () => {
      server.unref();
      resolve(() => new Promise((free) => void server.close(() => free())));
    });
  });
}
