import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { forShell } from '@kubernest/process';

/** What to say of a file that this user has made read-only, itself or its folder: nobody else is needed to change that. */
export async function ownReadOnlyWords(file: string): Promise<string | undefined> {
  for (const place of [file, dirname(file)]) {
    const there = await stat(place).catch(() => undefined);
    if (there && there.uid === process.geteuid?.() && (there.mode & constants.S_IWUSR) === 0)
      return `${place === file ? 'it' : place} is read-only and belongs to this user, who may change that with chmod u+w ${forShell(place)}`;
  }
  return undefined;
}
