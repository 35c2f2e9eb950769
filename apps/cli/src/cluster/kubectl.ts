import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { kubernetesVersion } from '@kubernest/kit';

export interface Kubectl {
  readonly path: string;
  /** `minor` of 1.minor. */
  readonly minor: number;
}

/** The kubectl of this machine that is nearest to the cluster's version: every program in PATH that is called kubectl, or kubectl and a version. */
export async function findKubectl(path: string): Promise<Kubectl | undefined> {
  const files = path.split(delimiter).flatMap(kubectlsIn);
  const asked = await Promise.all([...new Set(files)].map(askVersion));
  return nearest(asked.filter((found) => found !== undefined));
}

/** What a user gets who types `kubectl`. */
export async function findTyped(path: string): Promise<Kubectl | undefined> {
  const file = fileIn(path, 'kubectl');
  return file === undefined ? undefined : askVersion(file);
}

const fileIn = (path: string, name: string): string | undefined =>
  path
    .split(delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => join(dir, name))
    .find((file) => existsSync(file));

/** Of two that are as near, the first. */
export function nearest(found: readonly Kubectl[], server = Number(kubernetesVersion.minor)): Kubectl | undefined {
  const distance = ({ minor }: Kubectl): number => Math.abs(minor - server);
  return found.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** What is to be said of one that Kubernetes does not support with this server: it may be one version older or newer. */
export function ageWords({ path, minor }: Kubectl, server = Number(kubernetesVersion.minor)): string | undefined {
  if (Math.abs(minor - server) <= 1) return undefined;
  const age = minor < server ? `${server - minor} versions older` : `${minor - server} versions newer`;
  return `note: ${path} is version 1.${minor}, ${age} than the cluster (1.${server}); one that fits is at https://kubernetes.io/docs/tasks/tools/`;
}

function kubectlsIn(dir: string): readonly string[] {
  if (dir === '' || !existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => /^kubectl([.-]?v?1\.\d+(\.\d+)?)?$/.test(name))
    .map((name) => join(dir, name));
}

/** Undefined for one that does not run. */
async function askVersion(path: string): Promise<Kubectl | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['version', '--client', '-o', 'json'], { timeout: 10_000 });
    const { clientVersion } = JSON.parse(stdout) as { clientVersion?: { minor?: string } };
    const minor = Number.parseInt(clientVersion?.minor ?? '', 10);
    return Number.isNaN(minor) ? undefined : { path, minor };
  } catch {
    return undefined;
  }
}
