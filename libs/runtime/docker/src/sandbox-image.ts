import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';

/**
 * Process 1 of every pod. `wait` returns at once on a signal, and a shell that waits also reaps whatever orphans a shared pid
 * namespace leaves it; between signals nothing runs.
 */
const pause = 'trap "exit 0" TERM INT; while :; do /bin/busybox sleep 2147483647 & wait $!; done';

export const sandboxImageLabel = 'io.kubernest.type=sandbox-image';

export interface SandboxImage {
  /** Names the content, so that a newer pause never runs under an older one's name. */
  readonly reference: string;
  readonly changes: readonly string[];
  tar(): Readable;
}

/** The image of all sandboxes, made of one static busybox of this machine. */
export async function buildSandboxImage(busyboxPath: string): Promise<SandboxImage> {
  const busybox = await readFile(busyboxPath).catch((error: unknown) => {
    throw new Error(`sandbox image needs a static busybox at ${busyboxPath}: install busybox-static`, { cause: error });
  });
  if (!isStaticElf(busybox))
    throw new Error(`${busyboxPath} is not a statically linked program: install busybox-static`);
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

/** A dynamically linked program names its interpreter in a program header of type 3. */
export function isStaticElf(file: Buffer): boolean {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return false;
  const is64 = file[4] === 2;
  const start = is64 ? Number(file.readBigUInt64LE(32)) : file.readUInt32LE(28);
  const size = file.readUInt16LE(is64 ? 54 : 42);
  const count = file.readUInt16LE(is64 ? 56 : 44);
  for (let i = 0; i < count; i++) if (file.readUInt32LE(start + i * size) === 3) return false;
  return true;
}
