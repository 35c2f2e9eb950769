import { describe, expect, it } from 'vitest';
import { judge, verdict } from './judge.ts';
import type { MachineFacts } from './machine-facts.ts';

const GiB = 1024 ** 3;
const complete: MachineFacts = {
  system: 'Debian 12',
  arch: 'x64',
  node: '26.10.0',
  glibc: '2.36',
  isRoot: true,
  engine: { socket: '/run/d.sock', version: '28.0', storageDriver: 'overlay2', cgroupDriver: 'systemd' },
  packages: [
    { name: 'docker.io', why: 'containers', isThere: true },
    { name: 'conntrack', why: 'Service addresses', isThere: true },
  ],
  busybox: { path: '/bin/busybox', isStatic: true },
  kubectl: { path: '/usr/bin/kubectl', minor: 36 },
  cgroupVersion: 2,
  hasOverlay: true,
  bridgeNf: '1',
  ipForward: '1',
  disk: { path: '/var/lib', bytes: 100 * GiB, freeBytes: 50 * GiB, inodes: 1000, freeInodes: 500 },
  memory: { all: 8 * GiB, available: 4 * GiB },
  ports: [{ port: 6443, purpose: 'the API', isFree: true, isKept: false }],
  defaultRoute: 'eth0',
  resolvers: ['192.0.2.53'],
  hasSystemd: true,
};
const port = (more: Partial<MachineFacts['ports'][number]>): Partial<MachineFacts> => ({
  ports: [{ ...complete.ports[0]!, isFree: false, ...more }],
});
const disk = (more: Partial<MachineFacts['disk']>): Partial<MachineFacts> => ({ disk: { ...complete.disk, ...more } });
const worse = (change: Partial<MachineFacts>) =>
  judge({ ...complete, ...change })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, what, advice }) => [level, what, advice]);

describe('the doctor', () => {
  it('finds nothing on a machine that has everything, with an engine or a dockerd to start one', () => {
    expect(worse({})).toEqual([]);
    expect(worse({ engine: undefined, dockerd: '/usr/sbin/dockerd' })).toEqual([]);
  });

  it.each<[string, Partial<MachineFacts>, string]>([
    ['a system that is none of ours', { refusal: 'use Linux' }, 'use Linux'],
    ['no root', { isRoot: false }, 'run it with sudo, or use --runtime=hollow'],
    [
      'the engine that the cluster uses',
      { engine: undefined, lostEngine: '/run/d.sock', dockerd: '/usr/sbin/dockerd' },
      'start it again, such as with systemctl start docker; the pods are its containers',
    ],
    ['no engine', { engine: undefined }, 'apt-get install docker.io, or use --runtime=hollow'],
    [
      'a missing package',
      { packages: [{ name: 'conntrack', why: 'Service addresses', isThere: false }] },
      'apt-get install conntrack',
    ],
    ['no busybox', { busybox: undefined }, 'apt-get install busybox-static'],
    ['a dynamic busybox', { busybox: { path: '/bin/busybox', isStatic: false } }, 'apt-get install busybox-static'],
    ['no cgroups', { cgroupVersion: undefined }, 'mount -t cgroup2 none /sys/fs/cgroup'],
    ['no forwarding', { ipForward: undefined }, 'use a kernel with IPv4 forwarding'],
    ['a full disk', disk({ freeBytes: GiB / 10 }), 'make room, or use --data-dir'],
    ['no inode', disk({ freeInodes: 0 }), 'remove files, or use --data-dir'],
  ])('calls missing what the default runtime needs, with what to do: %s', (_what, change, advice) => {
    expect(worse(change)).toEqual([['missing', expect.any(String), advice]]);
  });

  it.each<[string, Partial<MachineFacts>]>([
    ['arm64', { warning: 'not tested' }],
    ['no glibc', { glibc: undefined }],
    ['no kubectl', { kubectl: undefined }],
    ['an old kubectl', { kubectl: { path: '/usr/bin/kubectl', minor: 20 } }],
    ['an old kubectl that is what one types', { typedKubectl: { path: '/bin/kubectl', minor: 20 } }],
    ['no overlayfs yet', { engine: undefined, dockerd: '/usr/sbin/dockerd', hasOverlay: false }],
    ['no bridge filter yet', { bridgeNf: undefined }],
    ['little disk', disk({ freeBytes: 5 * GiB })],
    ['few inodes', disk({ freeInodes: 10 })],
    ['little memory', { memory: { all: GiB, available: GiB / 4 } }],
    ['a taken port', port({ holder: { pid: 7, command: 'nginx' } })],
    ['no route', { defaultRoute: undefined }],
    ['no resolver', { resolvers: [] }],
    ['no systemd', { hasSystemd: false }],
    ['an unwell cluster', { cluster: { name: 'a', state: 'unwell', pids: [], unwell: ['node n is not Ready'] } }],
  ])('only notes what a cluster can do without: %s', (_what, change) => {
    expect(worse(change).map(([level]) => level)).toEqual(['note']);
  });

  it('takes the port of a cluster for well while the cluster holds it, and for missing while another does', () => {
    const taken = port({ isKept: true, holder: { pid: 7, command: 'node' } });
    const cluster = { name: 'a', state: 'running' as const, pids: [7], unwell: [] };
    expect(worse({ ...taken, cluster })).toEqual([]);
    expect(worse({ ...taken, cluster: { ...cluster, pids: [] } })).toEqual([
      ['missing', 'port 6443', 'end that, or start with another --api-port'],
    ]);
  });

  it('says what works without root and without Docker, whatever is missing', () => {
    const bare: MachineFacts = { ...complete, isRoot: false, engine: undefined };
    expect(verdict(bare, judge(bare))).toMatch(/root, Docker Engine missing\. .*--runtime=hollow works/);
    expect(verdict(complete, judge(complete))).toMatch(/has what .*--runtime=hollow works/);
  });
});
