import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { majorOf, wanted } from './machine.cjs';
import { npmRefusalOf } from './npm.mjs';
import { root } from './paths.mjs';

/** Runs `npm ci` when node_modules is missing or was made from another lockfile. What is a link belongs to somebody else: npm would empty it. */
export function ensureNodeModules() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const lockHash = createHash('sha256').update(lockfile).digest('hex');
  const stamp = join(root, 'node_modules/.kubernest-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return;
  const asked = spawnSync('npm', ['--version'], { cwd: root, encoding: 'utf8' });
  const refusal = npmRefusalOf({
    npm: asked.error ? undefined : asked.stdout || asked.stderr,
    packageJson: readFileSync(join(root, 'package.json'), 'utf8'),
    lockfile,
  });
  if (refusal) throw new Error(refusal);
  console.log('installing npm packages (once) …');
  // Whatever NODE_ENV and npm's own settings leave out elsewhere: the build and Node.js are among these.
  const flags = ['--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  const result = spawnSync('npm', ['ci', ...flags, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) throw new Error('npm ci failed; see the lines above');
  // npm passes over an optional package that it could not download.
  if (!existsSync(nodeBinary()))
    throw new Error(`npm ci left out node-linux-${process.arch}, the Node.js ${wanted.ownNode} to run with. Try again`);
  writeFileSync(stamp, lockHash);
}

/** The machine's own Node.js when it is new enough, else the one that came with the npm packages. */
export function nodeBinary() {
  return majorOf(process.versions.node) >= wanted.ownNode
    ? process.execPath
    : join(root, `node_modules/node-linux-${process.arch}/bin/node`);
}
