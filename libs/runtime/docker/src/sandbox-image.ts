import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { ImportedImage } from './import-image.ts';
import { readStaticBusybox } from './static-busybox.ts';

/**
 * Process 1 of every pod. `wait` returns at once on a signal, and a shell that waits also reaps whatever orphans a shared pid
 * namespace leaves it; between signals nothing runs.
 */
const pause = 'trap "exit 0" TERM INT; while :; do /bin/busybox sleep 2147483647 & wait $!; done';

export const sandboxImageLabel = 'io.kubernest.type=sandbox-image';

/** The image of all sandboxes, made of one static busybox of this machine. Its name says its content: a newer pause never runs under an older one's. */
export async function buildSandboxImage(busyboxPath: string): Promise<ImportedImage> {
  const busybox = await readStaticBusybox(busyboxPath);
  const entrypoint = ['/bin/busybox', 'sh', '-c', pause];
  const digest = createHash('sha256').update(busybox).update(JSON.stringify(entrypoint)).digest('hex').slice(0, 16);
  return {
    reference: `kubernest/sandbox:${digest}`,
    changes: [`ENTRYPOINT ${JSON.stringify(entrypoint)}`, `LABEL ${sandboxImageLabel}`],
    tar() {
      const tar = pack();
      for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp'])
        tar.entry({ name, type: 'directory', mode: 0o755 });
      tar.entry({ name: 'bin/busybox', mode: 0o755 }, busybox);
      tar.finalize();
      return tar as unknown as Readable;
    },
  };
}
