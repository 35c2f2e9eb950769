import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { called } from '../command/command-name.ts';
import type { ClusterDir } from './cluster-dir.ts';
import { missingWords, wasKnown } from './known-clusters.ts';

/** Where root's clusters are, for those who are not root. */
const ofRoot = (dir: ClusterDir): string => {
  const path = join('/var/lib/kubernest', dir.name);
  const isOther = process.getuid?.() !== 0 && dir.path !== path && existsSync(join(path, 'cluster.json'));
  return isOther ? `. Root has one of that name in ${path}: for that, run this with sudo` : '';
};

/** What every command about one cluster says where there is none. */
export const noSuchCluster = (dir: ClusterDir): Error =>
  wasKnown(dir.path)
    ? new Error(missingWords(dir.path, dir.flags))
    : new Error(
        `there is no cluster "${dir.name}" in ${dir.path}; start one with: ${called} up${dir.flags}${ofRoot(dir)}`,
      );
