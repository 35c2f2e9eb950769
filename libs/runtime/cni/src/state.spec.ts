import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@kubernest/kit';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Attachments } from './attachments.ts';
import { cniPodNetwork } from './cni-pod-network.ts';
import { readLeases, releaseLease } from './leases.ts';
import { pluginWords } from './plugin.ts';
import { setSysctls } from './sysctls.ts';

const ctx = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cni-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('leases', () => {
  it('are the files named after addresses', async () => {
    mkdirSync(join(folder, 'net'));
    writeFileSync(join(folder, 'net', '10.1.2.3'), 'abc\r\neth0');
    writeFileSync(join(folder, 'net', 'last_reserved_ip.0'), '10.1.2.3');
    const leases = await readLeases(folder, 'net');
    expect(leases).toMatchObject([{ address: '10.1.2.3', sandboxId: 'abc' }]);
    await releaseLease(leases[0]!);
    expect(await readLeases(folder, 'net')).toEqual([]);
  });
});

describe('attachments', () => {
  const note = {
    sandboxId: 'a1',
    pod: { uid: 'u', name: 'n', namespace: 's' },
    netns: '/x',
    netnsInode: 1,
    hostPorts: [],
    ips: undefined,
    result: undefined,
  };

  it('outlive the process that noted them, and a file cut short is none', async () => {
    await new Attachments(folder).put(note);
    expect(await new Attachments(folder).find('a1')).toMatchObject({ pod: note.pod });
    writeFileSync(join(folder, 'b2.json'), '{"sandbox');
    expect(await new Attachments(folder).list()).toHaveLength(1);
    await new Attachments(folder).remove('a1');
    await new Attachments(folder).remove('a1');
    expect(await new Attachments(folder).list()).toEqual([]);
  });

  it('refuse an id that would leave their folder', async () => {
    await expect(new Attachments(folder).put({ ...note, sandboxId: '../x' })).rejects.toThrow(
      'cannot be a file’s name'.replace('’', "'"),
    );
  });
});

describe('sysctls', () => {
  it('are set where they are not, and each change is said', async () => {
    for (const [name, value] of [
      ['net/ipv4/ip_forward', '0'],
      ['net/bridge/bridge-nf-call-iptables', '1'],
    ] as const) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), `${value}\n`);
    }
    expect(await setSysctls(false, ctx, folder)).toEqual(['set net/ipv4/ip_forward to 1 (was 0)']);
    expect(readFileSync(join(folder, 'net/ipv4/ip_forward'), 'utf8')).toBe('1');
  });
});

describe('status', () => {
  it('names the plugins that are missing', () => {
    const network = cniPodNetwork({ cluster: 'c', stateDir: folder, pluginDir: folder });
    expect(network.status()).toEqual({
      ready: false,
      reason: expect.stringContaining('install containernetworking-plugins'),
    });
  });
});

describe('a plugin’s error', () => {
  it.each([
    ['{"code":11,"msg":"no address","details":"range is full"}', '', 'no address: range is full'],
    ['', 'panic', 'panic'],
    ['', '', 'failed without a word'],
  ])('%j %j reads %j', (stdout, stderr, words) => expect(pluginWords(stdout, stderr)).toBe(words));
});

describe('a pod network that could not be configured', () => {
  it('says why it is not ready, which becomes the word of the Node', async () => {
    const pluginDir = join(folder, 'plugins');
    mkdirSync(pluginDir);
    for (const plugin of ['bridge', 'host-local', 'loopback', 'portmap']) writeFileSync(join(pluginDir, plugin), '');
    const network = cniPodNetwork({ cluster: 'x', stateDir: folder, pluginDir });
    expect(network.status()).toEqual({ ready: false, reason: 'the node has no pod CIDR yet' });
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(network.configure({ podCidrs: ['10.1.0.0/24'] }, ctx)).rejects.toThrow('iptables is not installed');
    expect(network.status()).toEqual({ ready: false, reason: expect.stringMatching(/^iptables is not installed/) });
  });
});
