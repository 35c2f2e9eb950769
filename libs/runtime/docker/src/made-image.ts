import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { pack } from 'tar-stream';
import type { ImportedImage } from './import-image.ts';
import { readStaticBusybox } from './static-busybox.ts';

/** An image that no registry has: it is made where it is needed, of the machine's static busybox and a few files. */
export interface MadeImage {
  /** `name:tag` */
  readonly reference: string;
  /** Path in the image → text; all of them executable. */
  readonly files: Readonly<Record<string, string>>;
  /** As `docker import --change` takes them. */
  readonly changes: readonly string[];
}

export interface BuiltImage extends ImportedImage {
  /** Of all that is in it: an image of another content under this name is an older one. */
  readonly digest: string;
}

/** Equal content is an equal layer, whoever makes it and when. */
const mtime = new Date(0);

export async function buildImage(image: MadeImage, busyboxPath: string): Promise<BuiltImage> {
  const busybox = await readStaticBusybox(busyboxPath);
  const applets = (await promisify(execFile)(busyboxPath, ['--list'])).stdout.trim().split('\n');
  const { reference, changes } = image;
  const files: MadeImage['files'] = {
    'etc/passwd': 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
    'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
    ...image.files,
  };
  const digest = createHash('sha256').update(busybox).update(JSON.stringify({ files, changes, applets })).digest('hex');
  return {
    reference,
    changes,
    digest,
    tar: () => rootFs({ busybox, applets, files }),
  };
}

function rootFs(content: { busybox: Buffer; applets: readonly string[]; files: MadeImage['files'] }): Readable {
  const tar = pack();
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys']) tar.entry({ name, type: 'directory', mode: 0o755, mtime });
  tar.entry({ name: 'tmp', type: 'directory', mode: 0o1777, mtime });
  tar.entry({ name: 'bin/busybox', mode: 0o755, mtime }, content.busybox);
  for (const applet of content.applets)
    if (applet !== 'busybox') tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox', mtime });
  for (const [name, text] of Object.entries(content.files)) tar.entry({ name, mode: 0o755, mtime }, text);
  tar.finalize();
  return tar as unknown as Readable;
}
