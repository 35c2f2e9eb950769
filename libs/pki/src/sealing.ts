import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TerminalError } from '@kubernest/kit';
import { readIfThere } from './certificate-files.ts';

/** 32 bytes that every server of a cluster is given and the store never sees. */
export interface SealingKey {
  readonly bytes: Uint8Array;
  /** Tells keys apart in messages without revealing them. */
  readonly id: string;
  /** Where it came from. */
  readonly file?: string;
}

/** Cannot be mended by trying again: someone has to bring the right key. */
export class SealingKeyError extends TerminalError {}

/** There is no such file: it may never come back. */
export class SealingKeyMissing extends SealingKeyError {}

export function sealingKeyOf(text: string): SealingKey {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== 32) throw new SealingKeyError('it must be 32 bytes in base64');
  return { bytes, id: createHash('sha256').update('kubernest sealing key').update(bytes).digest('hex').slice(0, 12) };
}

/** Reads the key file of a cluster that has one: a new key would open nothing. */
export async function loadSealingKey(path: string): Promise<SealingKey> {
  const found = await readIfThere(path);
  if (found !== undefined) return fromFile(path, found);
  throw new SealingKeyMissing(
    `the sealing key ${path} is missing: what this cluster keeps in its store cannot be opened without it. Put it back from a backup, or copy it from another server of the cluster`,
  );
}

/** Reads the key file, or makes one (mode 0600). Two that make it at once end up with the same key. */
export async function loadOrCreateSealingKey(path: string): Promise<SealingKey> {
  const found = await readIfThere(path);
  if (found !== undefined) return fromFile(path, found);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return fromFile(path, (await readIfThere(path)) ?? '');
}

function fromFile(path: string, text: string): SealingKey {
  try {
    return { ...sealingKeyOf(text), file: path };
  } catch (error) {
    throw new SealingKeyError(
      `the sealing key ${path} is malformed: ${(error as Error).message}; put it back from a backup`,
    );
  }
}

/** Format 2 differs from 1 in nothing but the number, which releases that know 1 alone refuse. */
const formats: readonly unknown[] = [1, 2];

interface Sealed {
  readonly format: number;
  readonly sealedWith: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** AES-256-GCM, in format 1. `name` is bound in: what was sealed under one name does not open under another. */
export function seal(key: SealingKey, name: string, content: Uint8Array): Uint8Array {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(content), cipher.final()]);
  const sealed: Sealed = {
    format: 1,
    sealedWith: key.id,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return Buffer.from(JSON.stringify(sealed));
}

/** Opens what `seal` made. Throws `SealingKeyError` for another key and for anything that was changed. */
export function unseal(key: SealingKey, name: string, sealed: Uint8Array): Uint8Array {
  const parts = parseSealed(name, sealed);
  if (parts.sealedWith !== key.id) {
    throw new SealingKeyError(
      `${name} was sealed with another key (${parts.sealedWith}, ${key.file ?? 'this server'} has ${key.id}): give this server the sealing key file of the server that made the cluster`,
    );
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(parts.iv, 'base64'), { authTagLength: 16 })
      .setAAD(Buffer.from(name))
      .setAuthTag(Buffer.from(parts.tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(parts.data, 'base64')), decipher.final()]);
  } catch (cause) {
    throw new SealingKeyError(`${name} does not open: it was damaged or changed in the store`, { cause });
  }
}

/** What `seal` made, in format 2. Undefined where it is in that one or a later one already. Needs no key. */
export function raiseFormat(name: string, sealed: Uint8Array): Uint8Array | undefined {
  const parts = parseJson(name, sealed);
  return parts.format === 1 ? Buffer.from(JSON.stringify({ ...parts, format: 2 })) : undefined;
}

function parseSealed(name: string, sealed: Uint8Array): Sealed {
  const parts = parseJson(name, sealed);
  if (!formats.includes(parts.format)) {
    throw new SealingKeyError(`${name} has format ${String(parts.format)}: a newer Kubernest wrote it, use that one`);
  }
  return parts as Sealed;
}

function parseJson(name: string, sealed: Uint8Array): Partial<Sealed> {
  try {
    return JSON.parse(Buffer.from(sealed).toString('utf8')) as Partial<Sealed>;
  } catch {
    throw new SealingKeyError(`${name} is not sealed data: it was damaged or changed in the store`);
  }
}
