import { existsSync } from 'node:fs';

export const inPath = (name) =>
  (process.env.PATH ?? '')
    .split(':')
    .concat('/usr/sbin', '/sbin', '/usr/bin')
    .some((dir) => existsSync(`${dir}/${name}`));
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
