import { userHome } from '@kubernest/client';
import { environmentAtBoot } from '../boot/environment.ts';
import { addUnit, machineSystemd } from '../boot/systemd.ts';
import { type BootStart, unitName } from '../boot/unit.ts';
import { adviceWithoutSystemd } from '../boot/without-systemd.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import { keptFacts, nodesOf } from '../cluster/kept-runtime.ts';
import { recordedProcess } from '../cluster/process-file.ts';
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
  const otherwise = adviceWithoutSystemd(start, userHome()).join('\n');
  if (!systemd)
    throw new Error(`systemd does not run here, so nothing was installed. To start the cluster at boot:\n${otherwise}`);
  if (process.getuid?.() !== 0)
    throw new Error(
      `only root can install a unit, and nothing was installed: use sudo, or start a cluster of this user:\n${otherwise}`,
    );
  if (recordedProcess(dir.pidFile('up')))
    throw new Error(`cluster "${dir.name}" runs already; first stop it with: ${called} down${dir.flags}`);
  const file = await addUnit(systemd, start);
  console.log(`wrote ${file}: cluster "${dir.name}" starts now, and at each boot
  how it is       ${called} status${dir.flags}, or systemctl status ${unitName(dir.name)}
  what it says    journalctl -u ${unitName(dir.name)}
  take it back    ${called} uninstall${dir.flags}`);
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
