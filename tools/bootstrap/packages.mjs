import { existsSync } from 'node:fs';
import { searchPath } from './search-path.mjs';

/** Where it lies, for all that a cluster starts is searched for there, too. */
export const fileInPath = (name) =>
  searchPath()
    .split(':')
    .map((folder) => `${folder}/${name}`)
    .find((file) => existsSync(file));
export const inPath = (name) => fileInPath(name) !== undefined;
const engineAnswers = () => existsSync('/var/run/docker.sock') || Boolean(process.env.DOCKER_HOST);

/** Debian packages that containers need: how to see that what one brings is there already, and what it is for. */
export const clusterPackages = [
  { name: 'docker.io', there: () => inPath('dockerd') || engineAnswers(), why: 'containers' },
  {
    name: 'containernetworking-plugins',
    // The node agent looks nowhere else.
    there: () => existsSync('/usr/lib/cni/bridge'),
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
];
