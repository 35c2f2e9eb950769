/** What starts a cluster at boot. */
export interface BootStart {
  readonly cluster: string;
  /** The absolute path of the `kubernest` to run. */
  readonly command: string;
  /** Flags of `up`. */
  readonly flags: readonly string[];
  /** Of whoever installs it: where Node.js and the kubeconfig are found. */
  readonly environment: Readonly<Record<string, string>>;
}

export const unitName = (cluster: string): string => `kubernest-${cluster}.service`;

/** The text of a systemd unit. */
export function unitText({ cluster, command, flags, environment }: BootStart): string {
  const variables = Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`);
  // By the shell that would read it anyway: systemd takes no quotes in the path of a program. A dollar would name a variable.
  const start = ['/bin/sh', command, 'up', ...flags].map((word) => quoted(word).replaceAll('$', '$$$$'));
  return `[Unit]
Description=Kubernest cluster ${cluster}
Wants=network-online.target
After=network-online.target docker.service

[Service]
${variables.join('\n')}
ExecStart=${start.join(' ')}
KillMode=mixed
TimeoutStopSec=60
Restart=on-failure
RestartSec=5
# The command line is wrong, or a restart does not mend it.
RestartPreventExitStatus=2 78
# Pods of an own engine count as its own.
Delegate=yes
TasksMax=infinity
LimitNOFILE=1048576

[Install]
WantedBy=multi-user.target
`;
}

/** One word of a unit: in double quotes unless it is plain, escapes as in C, and no specifiers. */
function quoted(word: string): string {
  const literal = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(literal)) return literal;
  const escaped = literal
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** What to do where there is no systemd, one line each. */
export function adviceWithoutSystemd({ command, flags, environment }: BootStart): readonly string[] {
  // Neither has the environment of a shell: that Node.js is found, and the same kubeconfig and engine.
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const line = (...more: readonly string[]): string =>
    ['env', ...variables, command, 'up', ...more, ...flags].map(forShell).join(' ');
  return [
    // A percent sign is the end of a line to cron.
    `with cron, by crontab -e:         @reboot ${line('--detach').replaceAll('%', '\\%')}`,
    `with a supervisor, which runs it: ${line()}`,
  ];
}

const forShell = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
