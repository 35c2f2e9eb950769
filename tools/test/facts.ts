import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { searchPath } from '../bootstrap/search-path.mjs';

/** Something that a machine has or lacks, for want of which a test may skip. */
export interface Fact {
  readonly what: string;
  /** Whether it holds on this machine. Asked anew by each process, of the machine alone. */
  readonly probe: () => boolean;
  /** The product never needs it, so that even CI may lack it. */
  readonly optional?: true;
}

const inPath = (program: string): boolean =>
  searchPath()
    .split(':')
    .some((dir) => {
      try {
        accessSync(join(dir, program), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

const goModules = (): string =>
  process.env.GOMODCACHE ?? join(process.env.GOPATH?.split(':')[0] || join(homedir(), 'go'), 'pkg/mod');

/** The only reasons for a skip. A new one gets its probe here first. */
export const facts = {
  root: { what: 'the user is root', probe: () => process.getuid?.() === 0 },
  dockerd: { what: 'dockerd (Debian: docker.io)', probe: () => inPath('dockerd') },
  busybox: { what: '/bin/busybox (Debian: busybox-static)', probe: () => existsSync('/bin/busybox') },
  cni: { what: 'CNI plugins (Debian: containernetworking-plugins)', probe: () => existsSync('/usr/lib/cni/bridge') },
  defaultName: {
    what: 'no cluster called default (/var/lib/kubernest/default)',
    probe: () => !existsSync('/var/lib/kubernest/default'),
  },
  sctp: { what: 'SCTP in the kernel', probe: () => existsSync('/proc/net/sctp'), optional: true },
  systemd: {
    what: 'systemd and systemd-analyze (Debian: systemd)',
    probe: () => existsSync('/lib/systemd/systemd') && inPath('systemd-analyze'),
    optional: true,
  },
  zsh: { what: 'zsh', probe: () => inPath('zsh'), optional: true },
  fish: { what: 'fish', probe: () => inPath('fish'), optional: true },
  go: { what: 'go', probe: () => inPath('go'), optional: true },
  sampleApiserver: {
    what: "k8s.io/sample-apiserver in Go's module cache (`go mod download` in e2e/foreign/sample-apiserver)",
    probe: () => existsSync(join(goModules(), 'k8s.io/sample-apiserver@v0.36.2')),
    optional: true,
  },
  java: { what: 'java', probe: () => inPath('java'), optional: true },
  maven: { what: 'mvn', probe: () => inPath('mvn'), optional: true },
} as const satisfies Readonly<Record<string, Fact>>;

export type FactName = keyof typeof facts;
export const factNames = Object.keys(facts) as readonly FactName[];

export const absentFacts = (): ReadonlySet<FactName> => new Set(factNames.filter((name) => !facts[name].probe()));

const prefix = 'needs:';

/** Options of a test or suite, which then runs only where all of these facts hold: `describe('…', needs('root'), () => …)`. */
export const needs = (...names: readonly FactName[]): { readonly tags: string[] } => ({
  tags: names.map((name) => prefix + name),
});

/** What a test that was reported with these tags needs. */
export const needsOf = (tags: readonly string[]): readonly FactName[] =>
  factNames.filter((name) => tags.includes(prefix + name));

/** For vitest's configuration: a tag of an absent fact skips what has it, and a tag that is not here is an error. */
export function factTags(): { readonly name: string; readonly description: string; readonly skip: boolean }[] {
  const absent = absentFacts();
  return factNames.map((name) => ({
    name: prefix + name,
    description: `runs only where the machine has: ${facts[name].what}`,
    skip: absent.has(name),
  }));
}
