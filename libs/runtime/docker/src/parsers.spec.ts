import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCgroupUsage } from './cgroup-stats.ts';
import { translate } from './engine-error.ts';
import { runtimeEvent } from './event-stream.ts';
import { referenceFault, registryOf, splitReference } from './image-reference.ts';
import { addressOf, findListener, localAddresses } from './listeners.ts';
import { tarKind } from './load-image.ts';
import { StartFailureFilter } from './start-failure.ts';
import { StartQueue } from './start-queue.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docker-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
};

describe('cgroup usage', () => {
  it('is read from version 1, a folder per controller', async () => {
    write({
      'cpuacct/docker/x/cpuacct.usage': '123456\n',
      'memory/docker/x/memory.usage_in_bytes': '5000\n',
      'memory/docker/x/memory.stat': 'cache 1000\ntotal_rss 3000\ntotal_inactive_file 800\n',
      'pids/docker/x/pids.current': '4\n',
    });
    const procCgroup = '9:pids:/docker/x\n4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n0::/docker/x\n';
    expect(await readCgroupUsage({ mount: folder, version: 1, procCgroup })).toEqual({
      cpuNanoseconds: 123456,
      memoryUsageBytes: 5000,
      memoryWorkingSetBytes: 4200,
      memoryRssBytes: 3000,
      pids: 4,
    });
  });

  it('is read from version 2, one folder for all', async () => {
    const slice = 'kubepods.slice/docker-x.scope';
    write({
      [`${slice}/cpu.stat`]: 'usage_usec 77\nuser_usec 50\n',
      [`${slice}/memory.current`]: '5000\n',
      [`${slice}/memory.stat`]: 'anon 3000\ninactive_file 6000\n',
      [`${slice}/pids.current`]: '2\n',
    });
    expect(await readCgroupUsage({ mount: folder, version: 2, procCgroup: `0::/${slice}\n` })).toEqual({
      cpuNanoseconds: 77_000,
      memoryUsageBytes: 5000,
      memoryWorkingSetBytes: 0,
      memoryRssBytes: 3000,
      pids: 2,
    });
  });

  it('of a container that ended meanwhile is unknown', async () => {
    expect(await readCgroupUsage({ mount: folder, version: 2, procCgroup: '0::/gone\n' })).toBeUndefined();
  });
});

describe('listeners', () => {
  const table = (...rows: string[]) => ['  sl  local_address rem_address   st', ...rows].join('\n');
  it.each([
    ['everywhere', table('   0: 00000000:1F90 00000000:0000 0A 0'), { at: 'everywhere' }],
    ['on loopback', table('   0: 0100007F:1F90 00000000:0000 0A 0'), { at: 'address', address: '127.0.0.1' }],
    [
      'on loopback and everywhere',
      table('   0: 0100007F:1F90 0:0 0A 0', '   1: 00000000:1F90 0:0 0A 0'),
      { at: 'everywhere' },
    ],
    ['nowhere: a connection is no listener', table('   0: 0100007F:1F90 0100007F:0050 01 0'), undefined],
    ['nowhere: another port', table('   0: 00000000:0050 00000000:0000 0A 0'), undefined],
  ])('are found %s', (_where, input, expected) => expect(findListener(input, 8080)).toEqual(expected));

  it('have addresses in the machine’s byte order', () => {
    expect(addressOf('00000000000000000000000001000000')).toBe('::1');
    expect(addressOf('0000000000000000FFFF00000100007F')).toBe('127.0.0.1');
  });

  it('know the namespace’s own addresses', () => {
    const trie =
      'Local:\n  +-- 10.1.2.0/24 2 0 2\n     |-- 10.1.2.0\n        /24 link UNICAST\n     |-- 10.1.2.5\n        /32 host LOCAL\n     |-- 127.0.0.1\n        /32 host LOCAL\n';
    expect(localAddresses(trie)).toEqual(['10.1.2.5']);
  });
});

describe('image references', () => {
  it.each([
    ['busybox', 'busybox', 'latest', 'docker.io'],
    ['busybox:1', 'busybox', '1', 'docker.io'],
    ['localhost:5000/a/b', 'localhost:5000/a/b', 'latest', 'localhost:5000'],
    ['reg.example/a:1@sha256:' + 'a'.repeat(64), 'reg.example/a', 'sha256:' + 'a'.repeat(64), 'reg.example'],
  ])('%s', (reference, repository, tag, registry) => {
    expect(splitReference(reference)).toEqual({ repository, tag });
    expect(registryOf(reference)).toBe(registry);
    expect(referenceFault(reference)).toBeUndefined();
  });

  it.each(['UPPER', 'a b', 'a:', 'a//b', '', 'a:b c'])('%j is none', (reference) => {
    expect(referenceFault(reference)).toContain('invalid reference format');
  });
});

describe('what a tar holds', () => {
  const tarOf = async (files: Readonly<Record<string, string>>): Promise<Buffer> => {
    const tar = pack();
    for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const kindOf = (bytes: Buffer) => {
    const file = join(folder, 'x.tar');
    writeFileSync(file, bytes);
    return tarKind(file);
  };
  const archive = { 'abc/layer.tar': 'x', 'manifest.json': '[{"Config":"c","Layers":["abc/layer.tar"]}]' };

  it('is told by its content, not by its name', async () => {
    expect(await kindOf(await tarOf(archive))).toBe('archive');
    expect(await kindOf(gzipSync(await tarOf(archive)))).toBe('archive');
    expect(await kindOf(await tarOf({ 'bin/sh': 'x', 'manifest.json': '{"name":"a web app"}' }))).toBe('rootfs');
  });

  it('is refused when it is none', async () => {
    await expect(kindOf(Buffer.alloc(3000, 'no tar'))).rejects.toThrow('not a tar archive');
    await expect(kindOf(Buffer.alloc(1024))).rejects.toThrow('empty');
    await expect(kindOf(Buffer.alloc(0))).rejects.toThrow('empty');
  });

  it('is refused when it is cut off, wherever', async () => {
    const whole = await tarOf({ ...archive, 'big.tar': 'x'.repeat(100_000) });
    for (const length of [700, 1800, 50_000]) {
      await expect(kindOf(whole.subarray(0, length))).rejects.toThrow('this archive is cut off');
      const gzip = gzipSync(whole, { level: 0 });
      await expect(kindOf(gzip.subarray(0, length))).rejects.toThrow('this archive is cut off');
    }
  });
});

describe('the engine’s report of a failed start', () => {
  const pass = async (chunks: readonly string[], code: number) => {
    const filter = new StartFailureFilter(async () => code);
    const output = text(filter);
    await pipeline(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), filter);
    return { output: await output, failure: await filter.failure };
  };
  it.each([
    [['OCI runtime', ' exec failed: not found\n'], 126, { output: '', failure: 'OCI runtime exec failed: not found' }],
    [
      ['OCI runtime exec failed: said a program\n'],
      0,
      { output: 'OCI runtime exec failed: said a program\n', failure: undefined },
    ],
    [['OCI'], 127, { output: 'OCI', failure: undefined }],
    [['other', ' output'], 126, { output: 'other output', failure: undefined }],
  ])('%j with exit code %i', async (chunks, code, expected) => expect(await pass(chunks, code)).toEqual(expected));
});

describe('the start queue', () => {
  it('lets as many through as it is wide, in order, and forgets the aborted', async () => {
    const queue = new StartQueue(1);
    const order: string[] = [];
    const signal = new AbortController().signal;
    let finish = () => {};
    const first = queue.run(signal, () => new Promise<void>((resolve) => (finish = resolve)));
    const life = new AbortController();
    const dropped = queue.run(life.signal, async () => void order.push('dropped'));
    const second = queue.run(signal, async () => void order.push('second'));
    const third = queue.run(signal, async () => void order.push('third'));
    life.abort(new Error('no longer wanted'));
    await expect(dropped).rejects.toThrow('no longer wanted');
    expect(order).toEqual([]);
    finish();
    await Promise.all([first, second, third]);
    expect(order).toEqual(['second', 'third']);
  });
});

describe('engine errors', () => {
  it.each([
    [Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' }), 'RuntimeUnavailableError'],
    [new Error('socket hang up'), 'RuntimeUnavailableError'],
    [Object.assign(new Error('dial containerd.sock'), { statusCode: 500 }), 'RuntimeUnavailableError'],
    [Object.assign(new Error('no such image'), { statusCode: 404 }), 'Error'],
  ])('%s', (error, name) => expect((translate(error) as Error).name).toBe(name));
});

describe('events', () => {
  const actor = { ID: 'c', Attributes: { 'io.kubernetes.pod.uid': 'u' } };
  it.each([
    [
      { Type: 'container', Action: 'die', Actor: actor },
      { type: 'ended', id: 'c', podUid: 'u' },
    ],
    [{ Type: 'container', Action: 'exec_create: sh', Actor: actor }, undefined],
    [
      { Type: 'image', Action: 'pull', Actor: { ID: 'i', Attributes: {} } },
      { type: 'image', id: 'i', podUid: undefined },
    ],
  ])('%j', (event, expected) => expect(runtimeEvent(event)).toEqual(expected));
});
