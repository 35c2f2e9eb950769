// Behind tools/bootstrap.cjs. Plain JavaScript for Node.js 20 with nothing installed: brings the packages, the right Node.js and
// the build, then hands over to the program asked for.
import { ensureBuilt } from './build.mjs';
import { StoppedError } from './child.mjs';
import { handOver } from './hand-over.mjs';
import { keptFlagsRefusal } from './kept-flags.mjs';
import { ensureNodeModules, nodeBinary } from './node-modules.mjs';
import { startWishes } from './start-wishes.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const programs = {
  start: { needs: ['node', 'cluster'], run: (args) => ['dist/cli.js', 'up', ...args] },
  cli: { needs: ['node'], run: (args) => ['dist/cli.js', ...args] },
  test: {
    needs: ['node', 'cluster', 'test'],
    run: (args) => ['node_modules/tsx/dist/cli.mjs', 'tools/test.ts', ...args],
  },
  nightly: {
    needs: ['node', 'cluster', 'test'],
    run: (args) => ['node_modules/tsx/dist/cli.mjs', 'tools/nightly.ts', ...args],
  },
  bench: {
    needs: ['node', 'cluster', 'test'],
    run: (args) => ['node_modules/tsx/dist/cli.mjs', 'bench/main.ts', ...args],
  },
  recording: { needs: ['node', 'cluster'], run: () => ['node_modules/tsx/dist/cli.mjs', 'tools/recording.ts'] },
  verify: { needs: ['node'], run: (args) => ['node_modules/tsx/dist/cli.mjs', 'tools/verify.ts', ...args] },
  new: { needs: ['node'], run: (args) => ['node_modules/tsx/dist/cli.mjs', 'tools/new.ts', ...args] },
  build: { needs: ['node'], run: () => undefined },
};

const [name, ...rest] = process.argv.slice(2);
const program = programs[name];
if (!program) {
  console.error(`bootstrap: unknown program "${name}"; one of ${Object.keys(programs).join(', ')}`);
  process.exit(2);
}
const refusal = keptFlagsRefusal(process.env);
if (refusal) {
  console.error(`kubernest: ${refusal}`);
  process.exit(2);
}
const otherwise =
  name === 'start' ? 'Or start with simulated nodes and pods, without them: npm start -- --runtime=hollow' : '';

/** Which Debian packages, and whether they may be installed. */
async function packagesFor() {
  if (name !== 'start') return { sets: program.needs, mayInstall: !rest.includes('--no-install') };
  const { parse } = await import('yaml');
  const { mayInstall, hollow } = startWishes({ args: rest, env: process.env, parse });
  // Without root there are no containers, whatever is installed; the command says so.
  return { sets: hollow || process.getuid() !== 0 ? ['node'] : program.needs, mayInstall };
}

try {
  await ensureNodeModules();
  await ensureSystemPackages({ ...(await packagesFor()), otherwise });
  await ensureBuilt(nodeBinary());
  const argv = program.run(rest);
  process.exitCode = argv ? await handOver(nodeBinary(), argv) : 0;
} catch (error) {
  console.error(`kubernest: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof StoppedError ? error.exitCode : 1;
}
