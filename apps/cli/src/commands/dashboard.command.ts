import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context } from '@kubernest/kit';
import { Option } from 'commander';
import { dashboardLink } from '../cluster/dashboard-link.ts';
import { runningCluster } from '../cluster/running-cluster.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { printLine, printLines } from '../output/print.ts';

interface DashboardOptions extends ClusterOptions {
  readonly url?: boolean;
}

export const dashboard: CommandDefinition<DashboardOptions> = {
  name: 'dashboard',
  heading: 'Use',
  about: 'Open the dashboard in the browser with a fresh link, which works once.',
  ofCluster: true,
  options: [new Option('--url', 'print the link alone and open nothing')],
  run: ({ options }, ctx) => openDashboard(options, ctx),
};

async function openDashboard(options: DashboardOptions, ctx: Context): Promise<void> {
  const { dir, facts } = runningCluster(options);
  const link = await dashboardLink(dir, facts, ctx);
  if (options.url) return printLine(link);
  printLines(
    'The browser will say that it does not know who issued the certificate: the cluster made it for itself. Go on',
    'to 127.0.0.1, or use kubectl proxy and http://127.0.0.1:8001/ui/, which shows no such page.',
    '',
    `  ${link}`,
    '',
  );
  const opener = browserOpener(process.env);
  if (!opener) return printLine(`${whyNone(process.env)}; the link works once, within ten minutes`);
  const child = spawn(opener, [link], { detached: true, stdio: 'ignore' });
  child.once('error', (error) => printLine(`${opener} could not be started: ${error.message}`));
  child.unref();
}

const hasScreen = (env: Readonly<NodeJS.ProcessEnv>): boolean => Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);

/** Why there is no such program. */
export const whyNone = (env: Readonly<NodeJS.ProcessEnv>): string =>
  hasScreen(env)
    ? 'nothing was opened: there is no xdg-open in PATH, and BROWSER names no browser'
    : 'nothing was opened: there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), and BROWSER names no browser';

/** The program that opens an address in the user's browser; undefined where nobody sits before a screen, or there is none. */
export function browserOpener(env: Readonly<NodeJS.ProcessEnv>): string | undefined {
  if (env['BROWSER']) return env['BROWSER'];
  if (!hasScreen(env)) return undefined;
  return (env['PATH'] ?? '')
    .split(delimiter)
    .map((dir) => join(dir, 'xdg-open'))
    .find((file) => existsSync(file));
}
