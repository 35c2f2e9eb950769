// What to do about Debian packages that are missing, and what to say when apt does not do it: decisions only.

/** Seconds that apt waits for another process to let go of dpkg: machines often update themselves when they have just started. */
export const lockSeconds = 60;

/**
 * `missing` are packages with name and reason. Returns what to do: nothing, advise (and go on), refuse (with the words to end with) or
 * install.
 */
export function planInstall({ missing, mayInstall, isRoot, hasAptGet }) {
  if (missing.length === 0) return { do: 'nothing' };
  const names = missing.map((pkg) => pkg.name);
  const what = `missing: ${missing.map((pkg) => `${pkg.name} (${pkg.why})`).join(', ')}`;
  const words = `${what}. Install with: apt-get install ${names.join(' ')}`;
  if (!mayInstall) return { do: 'advise', words };
  if (!hasAptGet)
    return {
      do: 'refuse',
      words: `no apt-get on this machine, so nothing was installed. ${what}. These are Debian's names: install what brings the same with this machine's own package manager, or use Debian 12`,
    };
  if (!isRoot)
    return {
      do: 'refuse',
      words: `not root, so nothing was installed. ${what}. Run: sudo apt-get install ${names.join(' ')}`,
    };
  return { do: 'install', names };
}

/** What apt-get writes on its error output → the cause and the line that helps; the first that fits. */
const causes = [
  [/dpkg was interrupted/, () => 'an earlier installation was interrupted half way', () => 'dpkg --configure -a'],
  [
    /Could not get lock (\S+?)\.?\s+(?:It is held by process (\d+)(?: \(([^)]+)\))?|- open)/,
    ([, lock, pid, program]) =>
      pid
        ? `another process, ${program ?? 'unknown'} (${pid}), is installing packages and holds ${lock}`
        : `another process is installing packages and holds ${lock}`,
    () => 'again when it has ended',
  ],
  [
    /Unable to (?:acquire the dpkg|lock)/,
    () => 'another process is installing packages',
    () => 'again when it has ended',
  ],
  [
    /(?:don't have enough free space in|No space left on device)/,
    () => 'the disk is full',
    () => 'apt-get clean, or make room in /var',
  ],
  [
    /Unmet dependencies|unmet dependencies|held broken packages/,
    () => 'packages of this machine do not fit together',
    () => 'apt-get --fix-broken install',
  ],
  [
    /Read-only file system|Permission denied/,
    () => 'apt may not write to this file system',
    (names) => `apt-get install ${names} where it may, and start from there`,
  ],
  [
    /Temporary failure resolving|Could not resolve|Could not connect|Network is unreachable|Connection (?:failed|timed out|refused)|Failed to fetch|Unable to fetch/,
    () => 'apt reaches no Debian mirror: no network, or a proxy that apt does not know',
    (names) => `apt-get update && apt-get install ${names} once it does`,
  ],
  [
    /Unable to locate package|has no installation candidate/,
    (_, line) => `the package sources of this machine do not have it (${line})`,
    (names) => `apt-get update && apt-get install ${names} with Debian 12's main in /etc/apt/sources.list`,
  ],
];

/** Whether new package lists could help: the packages are not known, or moved on at the mirror. */
export function listsMayHelp(stderr) {
  return /Unable to locate package|has no installation candidate|404\s+Not Found/.test(stderr);
}

/** Why apt-get did not install `missing`, what that leaves out, and the line to run. `stderr` is all that it wrote there. */
export function aptRefusal({ missing, stderr }) {
  const names = missing.map((pkg) => pkg.name).join(' ');
  const what = `missing: ${missing.map((pkg) => `${pkg.name} (${pkg.why})`).join(', ')}`;
  for (const [pattern, cause, line] of causes) {
    const match = pattern.exec(stderr);
    if (match) return `apt-get failed: ${cause(match, lineWith(stderr, match.index))}. ${what}. Run: ${line(names)}`;
  }
  const last = stderr.trim().split('\n').at(-1) || 'it said nothing';
  return `apt-get failed: ${last}. ${what}. Run: apt-get install ${names}`;
}

function lineWith(text, index) {
  const from = text.lastIndexOf('\n', index) + 1;
  const to = text.indexOf('\n', index);
  return text.slice(from, to < 0 ? undefined : to).replace(/^[EW]: /, '');
}
