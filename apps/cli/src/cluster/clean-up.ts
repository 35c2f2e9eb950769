import { spawn } from 'node:child_process';
import type { ClusterDir } from './cluster-dir.ts';
import { recordOf, recordProcess } from './process-file.ts';

/**
 * Whoever leaves without stopping the cluster (a second Ctrl-C, a fault) leaves at once, and a `down` in the background takes back
 * the rest, and its data where that may go. The next `up` waits for it. Returns what calls this off.
 */
export function cleanUpAtExit(dir: ClusterDir, mayGo: () => boolean): () => void {
  const leave = (): void => {
    const args = [process.argv[1]!, 'down', `--name=${dir.name}`, `--data-dir=${dir.path}`];
    if (mayGo()) args.push('--purge');
    const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
    if (child.pid !== undefined) recordProcess(dir.pidFile('down'), recordOf(child.pid));
  };
  process.once('exit', leave);
  return () => process.off('exit', leave);
}
