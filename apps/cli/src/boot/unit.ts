/** What starts a cluster at boot. */
export interface BootStart {
  readonly cluster: string;
  /** The absolute path of the `kubernest` to run. */
  readonly command: string;
  /** Flags of `up`. */
  readonly flags: readonly string[];
  readonly dataDir: string;
  /** Of whoever installs it. Proxies may name passwords: it stands in no file that others read, and in no arguments. */
  readonly environment: Readonly<Record<string, string>>;
}

export const unitName = (cluster: string): string => `kubernest-${cluster}.service`;

/** The text of a systemd unit, which has its environment from a file. */
export function unitText({ cluster, command, flags, dataDir }: BootStart, environmentFile: string): string {
  // By the shell that would read it anyway: systemd takes no quotes in the path of a program. A dollar would name a variable.
  const start = ['/bin/sh', command, 'up', ...flags].map((word) => quoted(word).replaceAll('$', '$$$$'));
  return `[Unit]
Description=Kubernest cluster ${cluster}
Wants=network-online.target
After=network-online.target docker.service
RequiresMountsFor=${quoted(dataDir)} ${quoted(command)}

[Service]
Type=exec
EnvironmentFile=${environmentFile.replaceAll('%', '%%')}
ExecStart=${start.join(' ')}
# It stops all that it has started. What it leaves when it is killed (an own engine with its pods) the next start takes over.
KillMode=process
TimeoutStopSec=60
Restart=on-failure
RestartSec=5
# Told to stop before the cluster was up.
SuccessExitStatus=130 143
# The command line is wrong, or a restart does not mend it.
RestartPreventExitStatus=2 78
# One of its processes that ran out of memory it starts again itself.
OOMPolicy=continue
# Pods of an own engine count as its own.
Delegate=yes
TasksMax=infinity
LimitNOFILE=1048576

[Install]
WantedBy=multi-user.target
`;
}

/** The text of that file: what is quoted in it is read as a shell does. */
export const environmentText = ({ environment }: BootStart): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}="${value.replace(/["\\`$]/g, '\\$&')}"\n`)
    .join('');

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
