import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { RuntimeUnavailableError } from '@kubernest/runtime/contract';
import { type DockerRuntime, NamelessImageError, openDockerRuntime } from '@kubernest/runtime/docker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerConfig, sandboxConfig, untilTold } from '../../libs/runtime/contract/src/suite.ts';
import { busyboxRootfs } from './busybox-image.ts';
import { needsEngine, startTestEngine, type TestEngine } from './test-engine.ts';

describe('docker engine', needsEngine, () => {
  let engine: TestEngine;
  let runtime: DockerRuntime;
  let image: { id: string; name: string };
  const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
  const docker = (...args: string[]) =>
    execFileSync('docker', ['-H', `unix://${engine.socketPath}`, ...args], { maxBuffer: 64 << 20 });

  beforeAll(async () => {
    engine = await startTestEngine();
    runtime = openDockerRuntime({ socketPath: engine.socketPath, cluster: 'e2e', node: 'node-1' });
    image = { id: (await runtime.loadImage(busyboxRootfs(), 'e2e/busybox:1', ctx)).id, name: 'e2e/busybox:1' };
  });
  afterAll(async () => {
    await runtime?.removeAll(ctx);
    await engine?.stop();
  });

  it('that is killed is said to be away, and serves again when it is back, its containers alive', async () => {
    const box = await runtime.runSandbox(sandboxConfig(), ctx);
    const { id } = await runtime.createContainer(containerConfig(box, image, untilTold), ctx);
    await runtime.startContainer(id, ctx);
    const before = await runtime.inspect(id, ctx);
    const listening = runtime.events(() => {}, ctx);
    listening.catch(() => {});
    await runtime.snapshot(ctx);
    await engine.kill();
    await expect(listening).rejects.toThrow(RuntimeUnavailableError);
    await expect(runtime.snapshot(ctx)).rejects.toThrow(RuntimeUnavailableError);
    await engine.start();
    expect(await runtime.inspect(id, ctx)).toEqual(before);
    expect((await runtime.snapshot(ctx)).sandboxes.map((s) => s.id)).toContain(box.id);
  });

  it('takes twenty pods at once', async () => {
    const boxes = await Promise.all(Array.from({ length: 20 }, () => runtime.runSandbox(sandboxConfig(), ctx)));
    expect(boxes.every((box) => box.running && box.netns !== undefined)).toBe(true);
    expect(new Set(boxes.map((box) => box.id)).size).toBe(20);
    await Promise.all(boxes.map((box) => runtime.removeSandbox(box.id, ctx)));
  });

  it('keeps two clusters, and two nodes, apart', async () => {
    const box = await runtime.runSandbox(sandboxConfig(), ctx);
    for (const other of [
      { cluster: 'other', node: 'node-1' },
      { cluster: 'e2e', node: 'node-2' },
    ]) {
      const stranger = openDockerRuntime({ socketPath: engine.socketPath, ...other });
      expect(await stranger.snapshot(ctx)).toEqual({ sandboxes: [], containers: [] });
      await stranger.removeAll(ctx);
    }
    expect((await runtime.snapshot(ctx)).sandboxes.map((s) => s.id)).toContain(box.id);
  });

  it('takes in an archive of its own, under another name too, and refuses what is neither', async () => {
    const archive = docker('save', 'e2e/busybox:1');
    expect((await runtime.loadImage(Readable.from([archive]), undefined, ctx)).tags).toContain('e2e/busybox:1');
    expect((await runtime.loadImage(Readable.from([archive]), 'e2e/renamed:2', ctx)).tags).toContain('e2e/renamed:2');
    await expect(runtime.loadImage(busyboxRootfs(), undefined, ctx)).rejects.toThrow(NamelessImageError);
    await expect(runtime.loadImage(Readable.from([Buffer.from('no tar')]), 'a:1', ctx)).rejects.toThrow(
      'not a tar archive',
    );
  });

  it('removes no image that a container was made from, by any name of it', async () => {
    const used = (await runtime.loadImage(busyboxRootfs(), 'e2e/used:1', ctx)).id;
    docker('tag', 'e2e/used:1', 'e2e/used:2');
    const box = await runtime.runSandbox(sandboxConfig(), ctx);
    const config = containerConfig(box, { id: used, name: 'e2e/used:1' }, untilTold);
    const { id } = await runtime.createContainer(config, ctx);
    const { namespace, name } = config.pod;
    for (const run of [() => runtime.startContainer(id, ctx), () => runtime.stopContainer(id, 0, ctx)]) {
      await run();
      for (const reference of ['e2e/used:1', 'e2e/used:2', used, used.replace('sha256:', '').slice(0, 12)])
        await expect(runtime.removeImage(reference, ctx)).rejects.toThrow(
          `of pod ${namespace}/${name} was made from it`,
        );
    }
    expect((await runtime.findImage(used, ctx))?.tags.toSorted()).toEqual(['e2e/used:1', 'e2e/used:2']);
    await runtime.removeSandbox(box.id, ctx);
    await runtime.removeContainer(id, ctx);
    await runtime.removeImage('e2e/used:1', ctx);
    expect((await runtime.findImage(used, ctx))?.tags).toEqual(['e2e/used:2']);
    docker('tag', 'e2e/used:2', 'e2e/used:3');
    await runtime.removeImage(used, ctx);
    expect(await runtime.findImage(used, ctx)).toBeUndefined();
    await runtime.removeImage(used, ctx);
  });

  it('makes its sandbox image again when someone removed it', async () => {
    for (const { id } of (await runtime.snapshot(ctx)).sandboxes) await runtime.removeSandbox(id, ctx);
    docker('image', 'prune', '-a', '-f');
    expect((await runtime.runSandbox(sandboxConfig(), ctx)).running).toBe(true);
  });

  it('takes up what an agent left between create and start', async () => {
    const config = sandboxConfig();
    const first = await runtime.runSandbox(config, ctx);
    await runtime.stopSandbox(first.id, ctx);
    const again = await runtime.runSandbox(config, ctx);
    expect(again.running).toBe(true);
    image = { id: (await runtime.loadImage(busyboxRootfs(), 'e2e/busybox:1', ctx)).id, name: 'e2e/busybox:1' };
    const created = await runtime.createContainer(containerConfig(again, image, untilTold), ctx);
    expect(await runtime.createContainer(containerConfig(again, image, untilTold), ctx)).toEqual(created);
  });

  it('hangs a pod’s cgroups below its parent', async () => {
    const box = await runtime.runSandbox(sandboxConfig({ cgroupParent: '/kubernest-e2e/pod1' }), ctx);
    const { id } = await runtime.createContainer(containerConfig(box, image, untilTold), ctx);
    await runtime.startContainer(id, ctx);
    const { output } = await runtime.execSync(id, ['/bin/busybox', 'cat', '/proc/self/cgroup'], 5, ctx);
    expect(output).toContain(`/kubernest-e2e/pod1/${id}`);
    await expect(runtime.runSandbox(sandboxConfig({ cgroupParent: 'a.slice' }), ctx)).rejects.toThrow('cgroupfs');
  });

  it('starts containers of any score, as low as the machine allows', async () => {
    const box = await runtime.runSandbox(sandboxConfig({ oomScoreAdj: -998 }), ctx);
    const { id } = await runtime.createContainer(
      containerConfig(box, image, untilTold, { resources: { oomScoreAdj: -997 } }),
      ctx,
    );
    await runtime.startContainer(id, ctx);
    const { output } = await runtime.execSync(id, ['/bin/busybox', 'cat', '/proc/1/oom_score_adj'], 5, ctx);
    // Whether this machine lets a score go as low as was asked, or how low it is anyway.
    const lowered = 'echo -997 > /proc/self/oom_score_adj; cat /proc/self/oom_score_adj';
    const allowed = Number(execFileSync('sh', ['-c', lowered], { stdio: ['ignore', 'pipe', 'ignore'] }));
    expect(Number(output)).toBeLessThanOrEqual(Math.max(allowed, -997));
    expect(Number(output)).toBeGreaterThanOrEqual(-997);
  });
});
