import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Context, messageOf } from '@kubernest/kit';
import type { ImageState } from '@kubernest/runtime/contract';
import type Docker from 'dockerode';
import { extract } from 'tar-stream';
import { engineCall } from './engine-error.ts';
import { referenceFault, splitReference } from './image-reference.ts';
import { followProgress, type Images } from './images.ts';

/** What a tar holds, told by what is in it: only an engine's own archive has a manifest that lists layers. */
export type TarKind = 'archive' | 'rootfs';

/** What to load says no name, and none was given. */
export class NamelessImageError extends Error {
  override readonly name = 'NamelessImageError';
}

/**
 * Takes in an image: a `docker save` archive as it is, or the tar of a root file system under the name `as`; gzip is fine too.
 * The manifest comes last in an archive, so the stream is kept in a temporary file until its kind is known.
 */
export async function loadImage(
  docker: Docker,
  images: Images,
  source: Readable,
  as: string | undefined,
  ctx: Context,
): Promise<ImageState> {
  const fault = as === undefined ? undefined : referenceFault(as);
  if (fault) throw new Error(fault);
  const folder = await mkdtemp(join(tmpdir(), 'kubernest-image-'));
  try {
    const file = join(folder, 'image.tar');
    await pipeline(source, createWriteStream(file), { signal: ctx.signal });
    const kind = await tarKind(file);
    if (kind === 'rootfs' && as === undefined)
      throw new NamelessImageError('this is the tar of a root file system: it needs a name');
    const loaded =
      kind === 'archive' ? await loadArchive(docker, file, ctx) : [await importRootfs(docker, file, as ?? '', ctx)];
    const [first = ''] = loaded;
    if (kind === 'archive' && as !== undefined) {
      const { repository, tag } = splitReference(as);
      await engineCall(ctx, () => docker.getImage(first).tag({ repo: repository, tag }));
    }
    const image = await images.find(as ?? first, ctx);
    if (!image) throw new Error(`image ${as ?? first} is not here after loading`);
    // The engine may have the same image under other names from before.
    return { ...image, tags: as === undefined ? loaded.filter((name) => !name.startsWith('sha256:')) : [as] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the archive calls what is in it; at least one. */
async function loadArchive(docker: Docker, file: string, ctx: Context): Promise<readonly string[]> {
  const answer = await engineCall(ctx, () => docker.loadImage(createReadStream(file), { quiet: true }));
  const lines = await followProgress(answer as unknown as Readable, ctx);
  const said = lines.map((line) => line.stream ?? '').join('');
  const names = [...said.matchAll(/Loaded image(?: ID)?: (\S+)/g)].map(([, name]) => name!);
  if (names.length === 0) throw new Error(`the engine loaded no image from the archive: ${said.trim()}`);
  return names;
}

async function importRootfs(docker: Docker, file: string, as: string, ctx: Context): Promise<string> {
  const { repository, tag } = splitReference(as);
  const answer = await engineCall(ctx, () => docker.importImage(createReadStream(file), { repo: repository, tag }));
  await followProgress(answer as unknown as Readable, ctx);
  return as;
}

/** Throws, with what is wrong with it, what is no whole tar. */
export async function tarKind(file: string): Promise<TarKind> {
  const seen: SeenTar = { kind: 'rootfs', entries: 0 };
  const gzipped = await startsWith(file, [0x1f, 0x8b]);
  try {
    await readTar(file, { gzipped, seen });
  } catch (error) {
    const cutOff = (gzipped || seen.entries > 0) && /unexpected end/i.test(messageOf(error));
    throw new Error(
      cutOff
        ? 'this archive is cut off: it has no end'
        : 'this is not a tar archive (neither `docker save` nor a root file system)',
      { cause: error },
    );
  }
  if (seen.entries === 0) throw new Error('this tar archive is empty');
  return seen.kind;
}

/** What has been found in a tar so far. */
interface SeenTar {
  kind: TarKind;
  entries: number;
}

async function readTar(
  file: string,
  { gzipped, seen }: { readonly gzipped: boolean; readonly seen: SeenTar },
): Promise<void> {
  const unpack = extract();
  unpack.on('entry', (header, stream, next) => {
    seen.entries += 1;
    const isManifest = header.name.replace(/^\.\//, '') === 'manifest.json' && header.type === 'file';
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => isManifest && chunks.push(chunk));
    stream.on('end', () => {
      if (isManifest && listsLayers(Buffer.concat(chunks).toString())) seen.kind = 'archive';
      next();
    });
    // What ends in the midst of an entry ends `unpack` too, which tells of it.
    stream.on('error', () => {});
    stream.resume();
  });
  const unpacked = new Promise<void>((resolve, reject) => {
    unpack.on('finish', resolve).on('error', reject);
  });
  const source = createReadStream(file);
  const read = gzipped ? pipeline(source, createGunzip(), unpack as never) : pipeline(source, unpack as never);
  await Promise.all([unpacked, read]);
}

function listsLayers(text: string): boolean {
  try {
    const manifest: unknown = JSON.parse(text);
    return (
      Array.isArray(manifest) &&
      manifest.length > 0 &&
      manifest.every((entry) => entry !== null && typeof entry === 'object' && 'Layers' in entry)
    );
  } catch {
    return false;
  }
}

async function startsWith(file: string, magic: readonly number[]): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return magic.every((byte, i) => buffer[i] === byte);
  } finally {
    await handle.close();
  }
}
