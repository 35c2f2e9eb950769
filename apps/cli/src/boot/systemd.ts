import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BootStart, environmentText, unitName, unitText } from './unit.ts';

/** The init system of this machine: where units lie, and its command. */
export interface Systemd {
  readonly folder: string;
  systemctl(...args: readonly string[]): Promise<unknown>;
}

/** Undefined where it does not run. */
export const machineSystemd = (): Systemd | undefined =>
  existsSync('/run/systemd/system')
    ? { folder: '/etc/systemd/system', systemctl: (...args) => promisify(execFile)('systemctl', args) }
    : undefined;

/** Writes the unit and starts it, now and at each boot. Resolves with its file; when systemd refuses it, nothing of it stays. */
export async function addUnit({ folder, systemctl }: Systemd, start: BootStart): Promise<string> {
  const file = join(folder, unitName(start.cluster));
  const environment = environmentFile(folder, start.cluster);
  try {
    // What was there may be open to all.
    rmSync(environment, { force: true });
    writeFileSync(environment, environmentText(start), { mode: 0o600 });
    writeFileSync(file, unitText(start, environment));
    await systemctl('daemon-reload');
    await systemctl('enable', '--now', unitName(start.cluster));
  } catch (error) {
    await removeUnit({ folder, systemctl }, start.cluster).catch(() => removeFiles(folder, start.cluster));
    throw error;
  }
  return file;
}

/** Stops it and removes it. Resolves with false where there is none. */
export async function removeUnit({ folder, systemctl }: Systemd, cluster: string): Promise<boolean> {
  const file = join(folder, unitName(cluster));
  if (!existsSync(file)) return false;
  await systemctl('disable', '--now', unitName(cluster));
  removeFiles(folder, cluster);
  await systemctl('daemon-reload');
  return true;
}

const environmentFile = (folder: string, cluster: string): string => join(folder, `${unitName(cluster)}.env`);

function removeFiles(folder: string, cluster: string): void {
  for (const file of [join(folder, unitName(cluster)), environmentFile(folder, cluster)]) rmSync(file, { force: true });
}
