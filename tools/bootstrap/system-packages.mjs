import { spawnSync } from 'node:child_process';
import { aptRefusal, listsMayHelp, lockSeconds, planInstall } from './apt.mjs';
import { patience, runChild } from './child.mjs';
import { inTurn } from './in-turn.mjs';
import { nodeBinary } from './node-modules.mjs';
import { clusterPackages, inPath } from './packages.mjs';

const nodeRuns = () => spawnSync(nodeBinary(), ['--version']).status === 0;

/** Debian package → how to see that what it brings is there already, and what it is for. */
const sets = {
  node: [{ name: 'libatomic1', there: nodeRuns, why: 'Node.js 26' }],
  cluster: clusterPackages,
  test: [
    { name: 'etcd-server', there: () => inPath('etcd'), why: 'the etcd store tests' },
    { name: 'chromium', there: () => inPath('chromium'), why: 'the dashboard tests' },
    { name: 'strace', there: () => inPath('strace'), why: 'the durability trace' },
    { name: 'wrk', there: () => inPath('wrk'), why: 'the benchmarks' },
  ],
};

/**
 * Installs the Debian packages that are missing, or says plainly which they are and why it could not; and `otherwise`, what goes without
 * those of the cluster.
 */
export async function ensureSystemPackages({ sets: wanted, mayInstall, otherwise }) {
  const stillMissing = () => wanted.flatMap((set) => sets[set]).filter((pkg) => !pkg.there());
  const missing = stillMissing();
  const plan = planInstall({ missing, mayInstall, isRoot: process.getuid() === 0, hasAptGet: inPath('apt-get') });
  if (plan.do === 'advise') console.error(`kubernest: ${plan.words}`);
  if (plan.do === 'refuse') throw new Error(withOtherwise(plan.words, missing, otherwise));
  if (plan.do !== 'install') return;
  await inTurn('apt-get', 'another start installs Debian packages: waiting for it …', async (lock) => {
    const left = stillMissing();
    if (left.length > 0) await install(left, otherwise, lock);
  });
}

const withOtherwise = (words, missing, otherwise) =>
  otherwise && missing.every((pkg) => clusterPackages.includes(pkg)) ? `${words}. ${otherwise}` : words;

async function install(missing, otherwise, lock) {
  const names = missing.map((pkg) => pkg.name);
  const aptGet = (...args) => runAptGet(args, lock);
  const refusal = (stderr) => new Error(withOtherwise(aptRefusal({ missing, stderr }), missing, otherwise));
  console.log(`installing Debian packages: ${names.join(' ')} …`);
  const first = await aptGet('install', '-y', '-q', '--no-install-recommends', ...names);
  if (first.ok) return;
  if (!listsMayHelp(first.stderr)) throw refusal(first.stderr);
  const update = await aptGet('update', '-q');
  const second = await aptGet('install', '-y', '-q', '--no-install-recommends', ...names);
  // An update that reached nobody ends well with a warning; it is the cause of what failed after it.
  if (!second.ok) throw refusal(`${update.stderr}${second.stderr}`);
}

function runAptGet(args, lock) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const options = ['-o', `DPkg::Lock::Timeout=${lockSeconds}`];
  return runChild('apt-get', [...options, ...args], { env, quiet: true, lock, insist: patience });
}
