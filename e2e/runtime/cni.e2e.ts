import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { type CniPodNetwork, cniPodNetwork } from '@kubernest/runtime/cni';
import type { HostPort, SandboxState } from '@kubernest/runtime/contract';
import { type DockerRuntime, openDockerRuntime } from '@kubernest/runtime/docker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkNames } from '../../libs/runtime/cni/src/names.ts';
import { containerConfig, sandboxConfig } from '../../libs/runtime/contract/src/suite.ts';
import { needs } from '../../tools/test/facts.ts';
import { busyboxRootfs } from './busybox-image.ts';
import { startTestEngine, type TestEngine } from './test-engine.ts';

const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });
/** Started with `plain`, in a network namespace of the test's own, the engine writes its usual rules, FORWARD policy DROP among them. */
const plainEngine = process.env['E2E_PLAIN_ENGINE'] === '1';

const cluster = `cni-e2e-${process.pid}`;
const names = networkNames(cluster);
/** The machine may carry other clusters; a network namespace of our own carries only this. */
const traces = () => {
  const mark = plainEngine
    ? /KUBERNEST|CNI|kn-/
    : new RegExp([names.bridge, names.forwardChain, names.masqueradeChain, names.network].join('|'));
  const lines = [
    run('ip', '-o', 'link'),
    ...['filter', 'nat'].map((table) => run('iptables', '-w', '5', '-t', table, '-S')),
  ];
  return lines.flatMap((text) => text.split('\n')).filter((line) => mark.test(line));
};

describe('pod network by CNI plugins', needs('root', 'dockerd', 'busybox', 'cni'), () => {
  let engine: TestEngine;
  let runtime: DockerRuntime;
  let network: CniPodNetwork;
  let image: { id: string; name: string };
  let stateDir: string;
  const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };

  const pod = async (script: string, hostPorts: readonly HostPort[] = []) => {
    const box = await runtime.runSandbox(sandboxConfig(), ctx);
    const { ips } = await network.attach({ sandboxId: box.id, pod: box.pod, netns: box.netns, hostPorts }, ctx);
    const { id } = await runtime.createContainer(containerConfig(box, image, script), ctx);
    await runtime.startContainer(id, ctx);
    return { box, id, ip: ips[0] ?? '', hostPorts };
  };
  const server = (hostPorts: readonly HostPort[] = []) =>
    pod('hostname > /tmp/index.html; exec httpd -f -p 8080 -h /tmp', hostPorts);
  const shell = async (id: string, script: string) =>
    runtime.execSync(id, ['/bin/busybox', 'sh', '-c', script], 10, ctx);
  const detach = (box: SandboxState) => network.detach({ sandboxId: box.id, pod: box.pod, netns: box.netns }, ctx);
  const fetched = async (url: string) => {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) })
        .then((response) => response.text())
        .catch(() => '');
      if (answer !== '' || tries > 20) return answer.trim();
      await systemClock.sleep(50, ctx.signal);
    }
  };

  beforeAll(async () => {
    engine = await startTestEngine(plainEngine ? ['--live-restore'] : []);
    runtime = openDockerRuntime({ socketPath: engine.socketPath, cluster, node: 'node-1' });
    stateDir = mkdtempSync(join(tmpdir(), 'kubernest-cni-'));
    network = cniPodNetwork({ cluster, stateDir });
    image = { id: (await runtime.loadImage(busyboxRootfs(), 'suite/busybox:1', ctx)).id, name: 'suite/busybox:1' };
    expect(network.status()).toMatchObject({ ready: false });
    await network.configure({ podCidrs: ['10.213.7.0/24'], clusterCidr: '10.213.0.0/16' }, ctx);
    expect(network.status()).toEqual({ ready: true });
    expect(traces()).not.toEqual([]);
  });
  afterAll(async () => {
    await runtime?.removeAll(ctx);
    await network?.teardown(ctx);
    await engine?.stop();
    expect(traces()).toEqual([]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('gives each pod an address of the node’s range, and the same again when asked again', async () => {
    const a = await pod('sleep 1000');
    expect(a.ip).toMatch(/^10\.213\.7\.\d+$/);
    const again = { sandboxId: a.box.id, pod: a.box.pod, netns: a.box.netns, hostPorts: [] };
    expect(await network.attach(again, ctx)).toEqual({ ips: [a.ip] });
    expect((await shell(a.id, 'ip addr show eth0')).output).toContain(`inet ${a.ip}/24`);
  });

  it('gives the machine no address with a pod, as browsers would drop what they are loading', async () => {
    await pod('sleep 1000');
    expect(run('ip', '-o', 'link', 'show', 'master', names.bridge)).toContain('veth');
    expect(run('ip', '-o', 'address', 'show', 'master', names.bridge)).toBe('');
    expect(run('ip', '-o', '-6', 'address', 'show', 'dev', names.bridge)).toBe('');
  });

  it('lets pods reach each other, and the machine reach pods', async () => {
    const [a, b] = [await server(), await pod('sleep 1000')];
    expect(await shell(b.id, `ping -c 1 -W 2 ${a.ip}`)).toMatchObject({ exitCode: 0 });
    expect(await fetched(`http://${a.ip}:8080/`)).toBe(a.box.pod.name);
    expect((await shell(b.id, `wget -q -O - http://${a.ip}:8080/`)).output.trim()).toBe(a.box.pod.name);
    expect(await shell(a.id, `wget -q -O - http://${a.ip}:8080/`)).toMatchObject({ exitCode: 0 });
  });

  it('maps host ports, from the machine’s address and its loopback, until the pod is gone', async () => {
    const a = await server([{ hostPort: 18_713, containerPort: 8080, protocol: 'TCP' }]);
    expect(await fetched('http://127.0.0.1:18713/')).toBe(a.box.pod.name);
    await detach(a.box);
    await detach(a.box);
    await expect(fetch('http://127.0.0.1:18713/')).rejects.toThrow();
  });

  it('forwards a port of a pod that listens on its own address', async () => {
    const a = await server();
    await fetched(`http://${a.ip}:8080/`);
    const stream = await runtime.portForward(a.box.id, 8080, ctx);
    stream.end('GET / HTTP/1.0\r\n\r\n');
    let answer = '';
    for await (const chunk of stream) answer += String(chunk);
    expect(answer).toContain(a.box.pod.name);
  });

  it('takes addresses back from sandboxes that died unseen', async () => {
    const a = await pod('sleep 1000');
    const leases = () => readdirSync(join(stateDir, 'leases', network.names.network));
    expect(leases()).toContain(a.ip);
    await runtime.removeSandbox(a.box.id, ctx);
    const later = cniPodNetwork({ cluster, stateDir });
    await later.configure({ podCidrs: ['10.213.7.0/24'], clusterCidr: '10.213.0.0/16' }, ctx);
    expect(leases()).not.toContain(a.ip);
  });

  it('writes its jumps once, however often and however close it starts', async () => {
    const again = cniPodNetwork({ cluster, stateDir });
    const range = { podCidrs: ['10.213.7.0/24'], clusterCidr: '10.213.0.0/16' };
    await Promise.all([again.configure(range, ctx), again.configure(range, ctx)]);
    expect(run('iptables', '-w', '5', '-t', 'nat', '-S', 'POSTROUTING').split(names.masqueradeChain)).toHaveLength(2);
    const rules = run('iptables', '-w', '5', '-S', 'FORWARD').split('\n');
    expect(rules.filter((line) => line.includes(network.names.forwardChain))).toHaveLength(1);
    if (plainEngine) expect(rules[0]).toBe('-P FORWARD DROP');
  });
});
