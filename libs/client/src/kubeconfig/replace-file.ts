import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';

/** More than what is added to a kubeconfig at once. */
const room = 32 * 1024;

/** Gives a file another text, whole or not at all. It keeps its owner, its permissions and its other names; a new one is its owner's alone. */
export const replaceFile = (target: string, text: string): Promise<void> =>
  withDraft(target, text, async (draft, keepsAll) => {
    if (keepsAll) await rename(draft, target);
    else await writeOver(target, text);
  });

/** Throws where the file could not be given a text that is somewhat longer. */
export async function rehearseReplacement(target: string, text: string): Promise<void> {
  await withDraft(target, text + ' '.repeat(room), async () => {
    // What is kept from being written to, it is told only here where it can be replaced all the same.
    if (await statOf(target)) await (await open(target, 'r+')).close();
  });
}

const statOf = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);

/** `keepsAll`: the draft can take the target's place with nothing lost. */
async function withDraft(
  target: string,
  text: string,
  act: (draft: string, keepsAll: boolean) => Promise<void>,
): Promise<void> {
  const draft = `${target}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    let keepsAll: boolean;
    try {
      await file.writeFile(text);
      keepsAll = await takesAfter(file, target);
      await file.sync();
    } finally {
      await file.close();
    }
    await act(draft, keepsAll);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Gives a file the owner and permissions of another. False where this user may not, or that one has other names (hard links) too: it can only be written over, as kubectl does. */
async function takesAfter(file: FileHandle, target: string): Promise<boolean> {
  const there = await statOf(target);
  if (!there) return true;
  if (there.nlink > 1) return false;
  const fresh = await file.stat();
  try {
    if (fresh.uid !== there.uid || fresh.gid !== there.gid) await file.chown(there.uid, there.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
  await file.chmod(there.mode & 0o777);
  return true;
}

/** The space that it has is used again, so that what it held can be put back where there is none for the rest. */
async function writeOver(target: string, text: string): Promise<void> {
  const before = await readFile(target);
  const file = await open(target, 'r+');
  try {
    await put(file, Buffer.from(text)).catch(async (error: unknown) => {
      await put(file, before);
      throw error;
    });
  } finally {
    await file.close();
  }
}

async function put(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, done)).bytesWritten;
  await file.truncate(bytes.length);
  await file.sync();
}
