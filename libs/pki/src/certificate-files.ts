import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Context, Milliseconds } from '@kubernest/kit';
import { demandRegularFile, fileFault, isMissing } from '@kubernest/process';
import { type CertificateRequest, type CertifiedKey, issueCertificate } from './certificate.ts';
import { renewalTime, whyReissue } from './certificate-check.ts';

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface IssuedFiles extends CertifiedKey {
  /** Why a new one was made; absent when what was found still serves. */
  readonly issuedBecause?: string;
  /** Call again at this time. */
  readonly renewAt: Date;
}

const RETRY_AFTER: Milliseconds = 60_000;

/**
 * What lies in `files` if it still serves `request`, else a new certificate, written in place of it (key with mode 0600). Where the disk
 * is full it is in the memory alone, and due again soon.
 */
export async function loadOrIssueFiles(
  files: CertificateFiles,
  authority: CertifiedKey,
  request: CertificateRequest,
  ctx: Context,
): Promise<IssuedFiles> {
  const held = await readPair(files);
  const reason = held ? whyReissue(held, request, authority.certificate, ctx.clock.now()) : 'there was none';
  if (held && reason === undefined) return { ...held, renewAt: renewalTime(held.certificate) };
  const issued = await issueCertificate(authority, request, ctx);
  try {
    // The key goes first: a crash between the two leaves a pair that does not match, which the next start replaces.
    await replaceFile(files.key, issued.key, 0o600);
    await replaceFile(files.certificate, issued.certificate, 0o644);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return { ...issued, issuedBecause: reason, renewAt: new Date(ctx.clock.now().getTime() + RETRY_AFTER) };
  }
  return { ...issued, issuedBecause: reason, renewAt: renewalTime(issued.certificate) };
}

/** What lies in `files`, if it is what `authority` would sign for `request` and has not ended. Due or not is for who renews it. */
export async function loadHeld(
  files: CertificateFiles,
  request: CertificateRequest,
  authority: string,
  ctx: Context,
): Promise<CertifiedKey | undefined> {
  const held = await readPair(files);
  if (!held) return undefined;
  const now = ctx.clock.now();
  const why = whyReissue(held, request, authority, now, 'whole life');
  return why === undefined ? held : undefined;
}

export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');

async function readPair(files: CertificateFiles): Promise<CertifiedKey | undefined> {
  const [certificate, key] = await Promise.all([readIfThere(files.certificate), readIfThere(files.key)]);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    demandRegularFile(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`${path} cannot be read: ${fileFault(error)}`, { cause: error });
  }
}

/** Whole or not at all: readers never see half a file. One that holds `content` already needs no room. */
export async function replaceFile(path: string, content: string, mode: number): Promise<void> {
  if ((await readIfThere(path)) === content) return await chmod(path, mode);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  try {
    await writeFile(draft, content, { mode, flush: true });
    await chmod(draft, mode);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
