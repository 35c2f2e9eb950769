import { accessSync, chmodSync, constants, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { fileFault, forShell, isMissing, makeFolder } from '@kubernest/process';
import { type ClusterDir, parentOfClusters, rootsClusters } from './cluster-dir.ts';
import { formerCluster, missingWords } from './known-clusters.ts';
import { finalName, isNobodys, isOwnName, ownNames } from './own-names.ts';

/** Throws, with the way out, unless the data directory is this cluster's or free to become that. Makes nothing. */
export function checkFolder(dir: ClusterDir): void {
  demandPossible(dir);
  const found = orRefuse(dir, () => entriesOf(dir.path));
  const begun = orRefuse(dir, () => dir.exists() || dir.hasRun());
  if (!begun) mustBeFree(dir, found);
}

/** The same, and unless it may be written to. Nobody else can change anything in it from then on. */
export function takeFolder(dir: ClusterDir): void {
  checkFolder(dir);
  orRefuse(dir, () => {
    makeFolder(dir.path, 0o711);
    tighten(realpathSync(dir.path), 0o755);
    makeFolder(dir.in('run'), 0o700);
    accessSync(dir.path, constants.R_OK | constants.W_OK | constants.X_OK);
    for (const [name, most] of ownNames) tighten(dir.in(name), most);
    // What says which processes to end, and where to write, is nobody else's.
    for (const name of readdirSync(dir.in('run'))) demandOwn(dir.in('run', name));
  });
}

/** What the kernel takes, less what lies below a data directory. */
const longestPath = 4096 - 512;
const longestPart = 255;

/** Before anything is made on the way there. */
function demandPossible({ path }: ClusterDir): void {
  const isTooLong = path.split('/').some((part) => Buffer.byteLength(part) > longestPart);
  if (isTooLong || Buffer.byteLength(path) > longestPath)
    throw new Error(`the data directory ${path} cannot be used: its name is too long. Choose another with --data-dir`);
}

function orRefuse<T>(dir: ClusterDir, act: () => T): T {
  try {
    return act();
  } catch (error) {
    // What is no fault of the system's says already what to do.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new Error(
      `the data directory ${dir.path} cannot be used: ${fileFault(error)}. ${homeWords(dir)}Choose another with --data-dir, or give it to this user`,
      { cause: error },
    );
  }
}

/** Without it a home is what the machine's list of users says, and that may be no folder. Nothing where the directory is at no home. */
export function homeWords({ path }: ClusterDir, env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  const parent = parentOfClusters();
  const isAtHome = parent !== rootsClusters && dirname(path) === parent;
  return isAtHome && !env['HOME'] ? 'HOME is not set: set it to a folder of this user. ' : '';
}

function entriesOf(path: string): readonly string[] | undefined {
  try {
    return readdirSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function mustBeFree(dir: ClusterDir, found: readonly string[] | undefined): void {
  const former = formerCluster(dir.path);
  if (former) throw new Error(missingWords({ name: dir.name, ...former }));
  const strange = (found ?? []).filter((name) => !isNobodys(name) && !isLeftover(dir, name));
  if (strange.length > 0)
    throw new Error(
      `the data directory ${dir.path} holds something else than a cluster (${listed(strange)}): choose an empty or a new one with --data-dir`,
    );
}

/** A first start that broke off before it had chosen anything, or that failed, leaves this much. */
export function isLeftover(dir: ClusterDir, name: string): boolean {
  if (name === 'cluster.json.new') return true;
  if (name !== 'run' || !lstatSync(dir.in(name)).isDirectory()) return false;
  return readdirSync(dir.in(name)).every((file) =>
    /^((up|down|api|agent|engine)\.(json|log|log\.1)|session\.json)$/.test(finalName(file)),
  );
}

export const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

/** Nobody else may replace what the cluster trusts. A link's target is the affair of who made the link. */
function tighten(path: string, most: number): void {
  const there = demandOwn(path);
  if (!there || there.isSymbolicLink()) return;
  const mode = there.mode & 0o777;
  if ((mode & ~most) !== 0) chmodSync(path, mode & most);
}

function demandOwn(path: string): Stats | undefined {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there || there.uid === process.geteuid?.()) return there;
  throw new Error(
    `${path} belongs to another user (uid ${there.uid}), who could change the cluster: start it as that user, or run: chown -R ${process.geteuid?.()} ${forShell(path)}`,
  );
}

/** What a data directory holds beside its cluster. */
export const strangersIn = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !isOwnName(name) && !isNobodys(name));
