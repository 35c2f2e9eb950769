import { called } from '../command/command-name.ts';
import type { ClusterDir } from './cluster-dir.ts';

/** What every command about one cluster says where there is none. */
export const noSuchCluster = (dir: ClusterDir): Error =>
  new Error(`there is no cluster "${dir.name}" in ${dir.path}; start one with: ${called} up${dir.flags}`);
