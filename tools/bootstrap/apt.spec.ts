import { describe, expect, it } from 'vitest';
import { aptRefusal, listsMayHelp, planInstall } from './apt.mjs';

const missing = [
  { name: 'iptables', why: 'Service addresses' },
  { name: 'conntrack', why: 'Service addresses' },
];
const what = 'missing: iptables (Service addresses), conntrack (Service addresses)';
const machine = { missing, mayInstall: true, isRoot: true, hasAptGet: true };

describe('Debian packages that are missing', () => {
  it.each([
    ['are installed by root', {}, { do: 'install', names: ['iptables', 'conntrack'] }],
    ['are no matter when there are none', { missing: [] }, { do: 'nothing' }],
    ['are told of with --no-install', { mayInstall: false, isRoot: false }, { do: 'advise' }],
    ['are refused with the line for sudo where one is not root', { isRoot: false }, { do: 'refuse' }],
    ['are refused where there is no apt-get, root or not', { hasAptGet: false, isRoot: false }, { do: 'refuse' }],
  ])('%s', (_what, facts, plan) => {
    expect(planInstall({ ...machine, ...facts })).toMatchObject(plan);
  });

  it.each([
    ['--no-install', { mayInstall: false }, 'apt-get install iptables conntrack'],
    ['not root', { isRoot: false }, 'Run: sudo apt-get install iptables conntrack'],
    ['no apt-get', { hasAptGet: false }, "this machine's own package manager"],
  ])('are named with their use and the way to get them: %s', (_what, facts, line) => {
    const plan = planInstall({ ...machine, ...facts });
    expect(plan).toHaveProperty('words', expect.stringContaining(what));
    expect(plan).toHaveProperty('words', expect.stringContaining(line));
  });
});

/** What apt 2.6 writes on its error output. */
const failures: readonly [what: string, stderr: string, cause: string, line: string][] = [
  [
    'an installation that was interrupted',
    "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. ",
    'interrupted half way',
    'Run: dpkg --configure -a',
  ],
  [
    'a lock that another process holds',
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
    'unattended-upgr (812), is installing packages and holds /var/lib/dpkg/lock-frontend',
    'Run: again when it has ended',
  ],
  [
    'a lock whose holder is not known',
    'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
    'another process is installing packages',
    'Run: again when it has ended',
  ],
  [
    'no network',
    "E: Failed to fetch http://mirror.example/ncal.deb  Temporary failure resolving 'mirror.example'\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?",
    'apt reaches no Debian mirror',
    'Run: apt-get update && apt-get install iptables conntrack once it does',
  ],
  [
    'no network and no package lists',
    "W: Failed to fetch http://mirror.example/InRelease  Temporary failure resolving 'mirror.example'\nW: Some index files failed to download. They have been ignored, or old ones used instead.\nE: Unable to locate package iptables",
    'apt reaches no Debian mirror',
    'Run: apt-get update && apt-get install iptables conntrack once it does',
  ],
  [
    'sources that lack a package',
    'E: Unable to locate package conntrack',
    'do not have it (Unable to locate package conntrack)',
    "with Debian 12's main",
  ],
  [
    'a full disk',
    "E: You don't have enough free space in /var/cache/apt/archives/.",
    'the disk is full',
    'apt-get clean',
  ],
  [
    'packages that do not fit',
    "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).",
    'do not fit together',
    'Run: apt-get --fix-broken install',
  ],
  [
    'a root file system that nobody may write to',
    'E: List directory /var/lib/apt/lists/partial is missing. - Acquire (30: Read-only file system)',
    'may not write',
    'where it may',
  ],
  ['what nobody has heard of', 'E: the moon is full', 'E: the moon is full', 'Run: apt-get install iptables conntrack'],
  ['nothing said', '', 'it said nothing', 'Run: apt-get install iptables conntrack'],
];

describe('an apt-get that fails', () => {
  it.each(failures)('tells of %s, what is missing, and the line to run', (_what, stderr, cause, line) => {
    const told = aptRefusal({ missing, stderr });
    expect(told).toContain(cause);
    expect(told).toContain(what);
    expect(told).toContain(line);
  });

  it.each([
    ['E: Unable to locate package conntrack', true],
    ['E: Failed to fetch http://mirror.example/a.deb  404  Not Found [IP: 192.0.2.1 80]', true],
    ["E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. ", false],
    ["E: You don't have enough free space in /var/cache/apt/archives/.", false],
  ])('fetches new package lists only where they may help: %s', (stderr, may) => {
    expect(listsMayHelp(stderr)).toBe(may);
  });
});
