import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { EVENTS, podOf, ready, TestKubelet } from '../testing/kubelet.ts';
import { SERVICES } from '../types.ts';

const kubelet = TestKubelet.forEachTest();
const dnsService: KubeObject & object = {
  metadata: { name: 'kube-dns', namespace: 'kube-system' },
  spec: { clusterIP: '10.96.0.10', ports: [{ port: 53, protocol: 'UDP' }] },
} as KubeObject;
const services = () => kubelet.client.resource(SERVICES);
const upstream = (server: string) => kubelet.resolver.replace({ own: '', upstream: `nameserver ${server}\n` });

/** Runs a pod and returns where its /etc/resolv.conf is on the machine. */
async function resolvFile(): Promise<string> {
  const pod = await kubelet.create(podOf());
  await kubelet.untilPod(ready);
  return join(kubelet.dir, 'data/pods', pod.metadata.uid!, 'resolv.conf');
}

/** Does something and returns once the file says what it should after it. */
async function until(file: string, wanted: string, act: () => unknown): Promise<void> {
  await new Promise<void>((done, fail) => {
    const look = (): void => {
      if (!readFileSync(file, 'utf8').includes(wanted)) return;
      watcher.close();
      done();
    };
    const watcher = watch(file, look);
    Promise.resolve(act()).then(look, fail);
  });
}

it('a pod asks whom the machine asks until the cluster has a DNS, and again when that goes', async () => {
  const file = await resolvFile();
  expect(readFileSync(file, 'utf8')).toBe('nameserver 192.0.2.53\n');
  await until(file, 'nameserver 10.96.0.10\n', () => services().create(dnsService, {}, kubelet.ctx));
  expect(readFileSync(file, 'utf8')).toContain('search default.svc.cluster.local ');
  const dns = { namespace: 'kube-system', name: 'kube-dns' };
  await until(file, 'nameserver 192.0.2.53\n', () => services().delete(dns, {}, kubelet.ctx));
});

it('a pod that runs is told when the machine asks others', async () => {
  const file = await resolvFile();
  await until(file, 'nameserver 192.0.2.54\n', () => upstream('192.0.2.54'));
});

it('what changed while the kubelet was away is made good when it is back', async () => {
  const file = await resolvFile();
  await kubelet.stop();
  upstream('192.0.2.55');
  await until(file, 'nameserver 192.0.2.55\n', () => kubelet.start());
});

it('a pod with nobody to ask is told so once', async () => {
  kubelet.resolver.replace({ own: 'nameserver 127.0.0.53\n', upstream: '' });
  await resolvFile();
  const event = await kubelet.until(EVENTS, 'reason=DNSConfigForming', (each) => each !== undefined);
  expect(event).toMatchObject({ type: 'Warning', message: expect.stringContaining('no name resolves in this pod') });
});
