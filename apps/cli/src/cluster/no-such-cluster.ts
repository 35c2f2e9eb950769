import { statSync } from 'node:fs';
import { join } from 'node:path';
import { forShell } from '@kubernest/process';
import { called } from '../command/command-name.ts';
import { ClusterDir, homeClusters, rootsClusters } from './cluster-dir.ts';
import { formerCluster, type KnownCluster, knownClusters, missingWords } from './known-clusters.ts';
import { machineUsers } from './machine-users.ts';

/** What every command about one cluster says where there is none. */
export class NoSuchCluster extends Error {
  constructor(
    message: string,
    /** This user has one of that name in another place, and may well mean that. */
    readonly isElsewhere: boolean,
  ) {
    super(message);
  }
}

export function noSuchCluster(dir: ClusterDir, known = knownClusters()): NoSuchCluster {
  const former = formerCluster(dir.path);
  if (former) return new NoSuchCluster(missingWords({ name: dir.name, ...former }), false);
  const elsewhere = known.filter(({ path, facts }) => facts?.name === dir.name && path !== dir.path);
  const words = elsewhere.length > 0 ? elsewhere.map(elsewhereWords) : [...unlessEmpty(known), ...othersWords(dir)];
  const start = elsewhere.length > 0 ? '' : `; start one with: ${called} up${dir.flags}`;
  const message = `there is no cluster "${dir.name}" in ${dir.path}${start}`;
  return new NoSuchCluster([message, ...words].join('. '), elsewhere.length > 0);
}

const elsewhereWords = ({ path }: KnownCluster): string =>
  `There is one of that name in ${path}: for that, add --data-dir ${forShell(path)}`;

const unlessEmpty = (known: readonly KnownCluster[]): readonly string[] => {
  const flags = known.flatMap(({ path, facts }) => (facts ? [new ClusterDir(facts.name, path)] : [])).map(flagsOf);
  return flags.length > 0 ? [`The clusters of this user: ${flags.join(', ')}`] : [];
};

const flagsOf = ({ flags, name }: ClusterDir): string => flags.trim() || `--name ${name}`;

/** Clusters of other users, at their customary places. */
function othersWords(dir: ClusterDir): readonly string[] {
  const users = [{ name: 'root', home: '' }, ...machineUsers().filter(({ uid }) => uid !== 0)];
  return users.flatMap(({ name, home }) => {
    const path = join(name === 'root' ? rootsClusters : homeClusters(home), dir.name);
    if (path === dir.path) return [];
    const sight = sightOf(join(path, 'cluster.json'));
    const wayOut = `run this with sudo -u ${name}`;
    if (sight === 'there') return [`The user ${name} has one of that name in ${path}: for that, ${wayOut}`];
    // Which clusters are in the homes of others is not asked of everybody.
    if (sight === 'hidden' && name === 'root')
      return [`This user may not see whether root has one of that name: for that, ${wayOut}`];
    return [];
  });
}

function sightOf(file: string): 'there' | 'hidden' | 'missing' {
  try {
    return statSync(file, { throwIfNoEntry: false }) ? 'there' : 'missing';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'hidden' : 'missing';
  }
}
