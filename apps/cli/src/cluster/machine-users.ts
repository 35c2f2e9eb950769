import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface MachineUser {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** Those that this machine knows itself; none where that cannot be read. */
export function machineUsers(file = '/etc/passwd'): readonly MachineUser[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => {
      const [name = '', , uid, , , home = '/'] = line.split(':');
      return { name, uid: Number(uid), home };
    });
  } catch {
    return [];
  }
}

/** Whose a file is, as far as one may look. */
export function ownerOf(path: string, users = machineUsers()): string {
  try {
    const { uid } = statSync(path);
    return users.find((user) => user.uid === uid)?.name ?? `the user ${uid}`;
  } catch (error) {
    if (dirname(path) === path) throw error;
    return ownerOf(dirname(path), users);
  }
}
