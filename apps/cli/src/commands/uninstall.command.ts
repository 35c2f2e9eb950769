import { clusterPackages } from '../../../../tools/bootstrap/packages.mjs';
import { machineSystemd, removeUnit } from '../boot/systemd.ts';
import { unitName } from '../boot/unit.ts';
import { ClusterDir } from '../cluster/cluster-dir.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { printLine, printLines } from '../output/print.ts';

export const uninstall: CommandDefinition<ClusterOptions> = {
  name: 'uninstall',
  heading: 'This machine',
  about: 'Stop a cluster that was installed, and start it at boot no more. Needs root.',
  ofCluster: true,
  run: ({ options }) => uninstallCluster(new ClusterDir(options.name, options.dataDir)),
};

async function uninstallCluster(dir: ClusterDir): Promise<void> {
  const systemd = machineSystemd();
  if (!systemd)
    throw new Error('systemd does not run here: take away the line of cron or of your supervisor that starts it');
  if (process.getuid?.() !== 0) throw new Error('only root can remove a unit, and nothing was changed: use sudo');
  const removed = await removeUnit(systemd, dir.name);
  printLine(
    removed
      ? `cluster "${dir.name}" is stopped, and ${unitName(dir.name)} removed`
      : `there is no ${unitName(dir.name)} in ${systemd.folder}`,
  );
  printLine(`its data stays in ${dir.path}; remove it with: ${called} down --purge${dir.flags}`);
  const left = clusterPackages.filter((one) => one.there()).map(({ name }) => name);
  if (left.length > 0)
    printLines(
      `what these Debian packages bring stays, as others may use it: ${left.join(' ')}`,
      'remove those that nobody else needs with: apt-get purge PACKAGE',
    );
}
