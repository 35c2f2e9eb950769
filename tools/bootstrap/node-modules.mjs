import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { inTurn } from './in-turn.mjs';
import { majorOf, wanted } from './machine.cjs';
import { npmRefusalOf } from './npm.mjs';
import { root } from './paths.mjs';

/** Runs `npm ci` when node_modules is missing or was made from another lockfile. What is a link belongs to somebody else: npm would empty it. */
export async function ensureNodeModules() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const isThere = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
  if (isThere()) return;
  const words = 'another start installs the npm packages of this checkout: waiting for it …';
  await inTurn(`checkout ${root}`, words, async (lock) => {
    if (!isThere()) await install(lock);
  });
}

const stamp = join(root, 'node_modules/.kubernest-lock');
const lockHash = () => createHash('sha256').update(readLockfile()).digest('hex');
const readLockfile = () => readFileSync(join(root, 'package-lock.json'), 'utf8');

async function install(lock) {
  const lockfile = readLockfile();
  const asked = spawnSync('npm', ['--version'], { cwd: root, encoding: 'utf8' });
  const refusal = npmRefusalOf({
    npm: asked.error ? undefined : asked.stdout || asked.stderr,
    packageJson: readFileSync(join(root, 'package.json'), 'utf8'),
    lockfile,
  });
  if (refusal) throw new Error(refusal);
  console.log('installing npm packages (once) …');
  // From here on they are what no lockfile says, whatever ends this before npm has.
  rmSync(stamp, { force: true });
  // Whatever NODE_ENV and npm's own settings leave out elsewhere: the build and Node.js are among these.
  const flags = ['--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { ok } = await runChild('npm', ['ci', ...flags, '--loglevel=error'], { cwd: root, lock });
  if (!ok) throw new Error('npm ci failed; see the lines above');
  // npm passes over an optional package that it could not download.
  if (!existsSync(nodeBinary()))
    throw new Error(`npm ci left out node-linux-${process.arch}, the Node.js ${wanted.ownNode} to run with. Try again`);
  writeFileSync(stamp, createHash('sha256').update(lockfile).digest('hex'));
}

/** The machine's own Node.js when it is new enough, else the one that came with the npm packages. */
export function nodeBinary() {
  return majorOf(process.versions.node) >= wanted.ownNode
    ? process.execPath
    : join(root, `node_modules/node-linux-${process.arch}/bin/node`);
}
