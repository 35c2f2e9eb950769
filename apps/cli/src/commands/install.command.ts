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
import { printExact, printLines } from '../output/print.ts';
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
  const refusal = refusalOfInstall(facts, dir);
  if (refusal?.otherwise)
    for (const line of [refusal.otherwise, ...adviceWithoutSystemd(start, userHome()), '']) printExact(`${line}\n`);
  if (refusal !== undefined || !systemd) throw new Error(refusal?.why);
  const file = await addUnit(systemd, start);
  printLines(
    `wrote ${file}: cluster "${dir.name}" starts now, and at each boot`,
    `  how it is       ${called} status${dir.flags}, or systemctl status ${unitName(dir.name)}`,
    `  what it says    journalctl -u ${unitName(dir.name)}`,
    `  take it back    ${called} uninstall${dir.flags}`,
  );
}

interface InstallFacts {
  readonly hasSystemd: boolean;
  readonly isRoot: boolean;
  readonly isRunning: boolean;
}

interface Refusal {
  readonly why: string;
  /** What the lines are for that do the same without systemd; absent where something else is to be done. */
  readonly otherwise?: string;
}

/** Why nothing is installed; undefined where it can be. */
export function refusalOfInstall(
  { hasSystemd, isRoot, isRunning }: InstallFacts,
  { name, flags }: Pick<ClusterDir, 'name' | 'flags'>,
): Refusal | undefined {
  if (!hasSystemd)
    return {
      why: 'systemd does not run here, so nothing was installed: how to start the cluster at boot stands above',
      otherwise: 'To start the cluster at boot:',
    };
  if (!isRoot)
    return {
      why: 'only root can install a unit, and nothing was installed: use sudo, or do what stands above',
      otherwise: 'To start a cluster of this user at boot:',
    };
  if (isRunning) return { why: `cluster "${name}" runs already; first stop it with: ${called} down${flags}` };
  return undefined;
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
