import { join } from 'node:path';
import { forScript } from '@kubernest/process';
import type { BootStart } from './unit.ts';

/**
 * What to do where there is no systemd, line by line. A script, and not its words in the line itself: cron cuts lines of more than about a
 * thousand characters, such as those with a long PATH, and everybody reads the arguments of a process.
 */
export function adviceWithoutSystemd(start: BootStart, folder: string): readonly string[] {
  const file = forScript(join(folder, `kubernest-${start.cluster}.sh`));
  return [
    `save what is between the lines as ${file}, to be read by this user alone (chmod 600)`,
    line,
    ...scriptOf(start),
    line,
    // A percent sign is the end of a line to cron.
    `with cron, by crontab -e:         @reboot /bin/sh ${file.replaceAll('%', '\\%')} --detach`,
    `with a supervisor, which runs it: /bin/sh ${file}`,
  ];
}

const line = '-'.repeat(72);

/** Who starts at boot has an environment of its own, and another PATH above all. */
export const scriptOf = ({ command, flags, environment }: BootStart): readonly string[] => [
  '#!/bin/sh',
  ...Object.entries(environment).map(([name, value]) => `export ${name}=${forScript(value)}`),
  `exec ${[command, 'up', ...flags].map(forScript).join(' ')} "$@"`,
];
