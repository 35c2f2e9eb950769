import { readdir, readFile, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { ifThere } from '@kubernest/process';

/** An address that host-local has given away: a file named after it, whose first line is the sandbox. */
export interface Lease {
  readonly file: string;
  readonly address: string;
  readonly sandboxId: string;
}

export async function readLeases(leaseDir: string, network: string): Promise<readonly Lease[]> {
  const folder = join(leaseDir, network);
  const names = (await ifThere(readdir(folder))) ?? [];
  const leases = names
    .filter((name) => isIP(name) !== 0)
    .map(async (address): Promise<Lease> => {
      const file = join(folder, address);
      const [sandboxId = ''] = ((await ifThere(readFile(file, 'utf8'))) ?? '').split(/\r?\n/);
      return { file, address, sandboxId: sandboxId.trim() };
    });
  return Promise.all(leases);
}

export const releaseLease = (lease: Lease): Promise<void> => rm(lease.file, { force: true });
