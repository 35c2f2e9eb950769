import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { nodeBinary } from './node-modules.mjs';

const inPath = (name) =>
  (process.env.PATH ?? '')
    .split(':')
    .concat('/usr/sbin', '/sbin', '/usr/bin')
    .some((dir) => existsSync(`${dir}/${name}`));
const nodeRuns = () => spawnSync(nodeBinary(), ['--version']).status === 0;
const engineAnswers = () => existsSync('/var/run/docker.sock') || Boolean(process.env.DOCKER_HOST);

/** Debian package → how to see that what it brings is there already, and what it is for. */
const sets = {
  node: [{ name: 'libatomic1', there: nodeRuns, why: 'Node.js 26' }],
  cluster: [
    { name: 'docker.io', there: () => inPath('dockerd') || engineAnswers(), why: 'containers' },
    {
      name: 'containernetworking-plugins',
      there: () => existsSync('/usr/lib/cni/bridge') || existsSync('/opt/cni/bin/bridge'),
      why: 'the pod network',
    },
    { name: 'iptables', there: () => inPath('iptables-restore'), why: 'Service addresses' },
    { name: 'conntrack', there: () => inPath('conntrack'), why: 'Service addresses' },
    {
      name: 'busybox-static',
      there: () => existsSync('/bin/busybox') || existsSync('/usr/bin/busybox'),
      why: 'the pod sandbox image',
    },
    { name: 'kubernetes-client', there: () => inPath('kubectl'), why: 'kubectl' },
  ],
  test: [
    { name: 'etcd-server', there: () => inPath('etcd'), why: 'the etcd store tests' },
    { name: 'chromium', there: () => inPath('chromium'), why: 'the dashboard tests' },
    { name: 'strace', there: () => inPath('strace'), why: 'the durability trace' },
    { name: 'wrk', there: () => inPath('wrk'), why: 'the benchmarks' },
  ],
};

/** Installs the Debian packages that are missing, or says plainly which they are. */
export function ensureSystemPackages({ sets: wanted, mayInstall }) {
  const missing = wanted.flatMap((set) => sets[set]).filter((pkg) => !pkg.there());
  if (missing.length === 0) return;
  const names = missing.map((pkg) => pkg.name);
  const advice = `missing: ${missing.map((p) => `${p.name} (${p.why})`).join(', ')}. Install with: apt-get install ${names.join(' ')}`;
  if (!mayInstall) return console.error(`kubernest: ${advice}`);
  if (process.getuid() !== 0) throw new Error(`not root, so nothing was installed. ${advice}`);
  if (!inPath('apt-get')) throw new Error(`no apt-get on this machine. ${advice}`);
  console.log(`installing Debian packages: ${names.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env, encoding: 'utf8' });
  let result = install();
  if (result.status !== 0) {
    spawnSync('apt-get', ['update', '-q'], { env });
    result = install();
  }
  if (result.status !== 0) throw new Error(`apt-get failed: ${result.stderr.trim().split('\n').at(-1)}. ${advice}`);
}
