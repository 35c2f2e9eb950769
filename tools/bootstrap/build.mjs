import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { inTurn } from './in-turn.mjs';
import { root } from './paths.mjs';

const inputs = ['apps', 'libs', 'addons', 'tools', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json'];

/** Builds `dist/` when a source file changed since it was built. */
export async function ensureBuilt(node) {
  if (isBuilt(hashOfSources())) return;
  const words = 'another start builds this checkout: waiting for it …';
  await inTurn(`checkout ${root}`, words, async (lock) => {
    const state = hashOfSources();
    if (!isBuilt(state)) await build(node, state, lock);
  });
}

const stamp = join(root, 'dist/.stamp');
const isBuilt = (state) => existsSync(stamp) && readFileSync(stamp, 'utf8') === state;

async function build(node, state, lock) {
  console.log('building …');
  // From here on it is what no sources make, whatever ends this before the build has.
  rmSync(stamp, { force: true });
  const args = ['node_modules/tsx/dist/cli.mjs', 'tools/build.ts'];
  const { ok } = await runChild(node, args, { name: 'the build', cwd: root, lock });
  if (!ok) throw new Error('the build failed; see the lines above');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, state);
}

/** Paths, sizes and modification times: a few milliseconds, unlike reading every file. */
function hashOfSources() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort())
        if (name !== 'node_modules' && name !== 'dist') visit(join(path, name));
    } else if (!path.endsWith('.spec.ts') && !path.endsWith('.md'))
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const input of inputs) visit(input);
  return hash.digest('hex');
}
