import { userHome } from '@kubernest/client';
import { environmentAtBoot } from '../boot/environment.ts';
import { addUnit, machineSystemd } from '../boot/systemd.ts';
import { type BootStart, unitName } from '../boot/unit.ts';
import { adviceWithoutSystemd } from '../boot/without-systemd.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { supervisorOf } from '../cluster/holders.ts';
import { keptFacts, nodesOf } from '../cluster/kept-runtime.ts';
import type { CommandDefinition, CommandLine } from '../command/command.ts';
import { called, commandFile } from '../command/command-name.ts';
import { flagsToHold, holdingFlags, type UpOptions } from './up-flags.ts';

export const install: CommandDefinition<UpOptions> = {
  name: 'install',
  heading: 'This machine',
  about: 'Start a cluster now and at each boot, by systemd; takes the flags of up. Needs root.',
  ofCluster: true,
  options: holdingFlags,
  run: installCluster,
};

async function installCluster(line: CommandLine<UpOptions>): Promise<void> {
  const dir = new ClusterDir(line.options.name, line.options.dataDir);
  nodesOf(keptFacts(dir), line.options);
  const start = startOf(dir, line);
  const systemd = machineSystemd();
  const facts = {
    hasSystemd: systemd !== undefined,
    isRoot: process.getuid?.() === 0,
    isRunning: supervisorOf(dir) !== undefined,
  };
  const refusal = refusalOfInstall(facts, dir, () => adviceWithoutSystemd(start, userHome()));
  if (refusal !== undefined || !systemd) throw new Error(refusal);
  const file = await addUnit(systemd, start);
  console.log(`wrote ${file}: cluster "${dir.name}" starts now, and at each boot
  how it is       ${called} status${dir.flags}, or systemctl status ${unitName(dir.name)}
  what it says    journalctl -u ${unitName(dir.name)}
  take it back    ${called} uninstall${dir.flags}`);
}

interface InstallFacts {
  readonly hasSystemd: boolean;
  readonly isRoot: boolean;
  readonly isRunning: boolean;
}

/** Why nothing is installed, and what to do instead; undefined where it can be. */
export function refusalOfInstall(
  { hasSystemd, isRoot, isRunning }: InstallFacts,
  { name, flags }: Pick<ClusterDir, 'name' | 'flags'>,
  otherwise: () => readonly string[],
): string | undefined {
  const instead = (why: string): string => [why, ...otherwise()].join('\n');
  if (!hasSystemd) return instead('systemd does not run here, so nothing was installed. To start the cluster at boot:');
  if (!isRoot)
    return instead(
      'only root can install a unit, and nothing was installed: use sudo, or start a cluster of this user:',
    );
  return isRunning ? `cluster "${name}" runs already; first stop it with: ${called} down${flags}` : undefined;
}

function startOf(dir: ClusterDir, line: CommandLine<UpOptions>): BootStart {
  return {
    cluster: dir.name,
    command: commandFile,
    dataDir: dir.path,
    flags: flagsToHold(dir, line),
    environment: environmentAtBoot(process.env, userHome()),
  };
}
