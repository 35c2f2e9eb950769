import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { type DockerRuntime, type MadeImage, openDockerRuntime } from '@kubernest/runtime/docker';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containerConfig, sandboxConfig, untilTold } from '../../libs/runtime/contract/src/suite.ts';
import { busyboxRootfs } from './busybox-image.ts';
import { needsEngine, startTestEngine, type TestEngine } from './test-engine.ts';

describe('images that are made here', needsEngine, () => {
  let engine: TestEngine;
  let docker: Docker;
  const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
  const saying = (word: string): MadeImage => ({
    reference: 'e2e/made:1',
    files: { 'say/word': `#!/bin/sh\necho ${word}\n` },
    changes: ['CMD ["/say/word"]'],
  });
  const runtimeWith = (...madeImages: MadeImage[]): DockerRuntime =>
    openDockerRuntime({ socketPath: engine.socketPath, cluster: 'made', node: 'n1', madeImages });
  const idOf = (reference: string): Promise<string | undefined> =>
    docker
      .getImage(reference)
      .inspect()
      .then(
        ({ Id }) => Id,
        () => undefined,
      );

  beforeAll(async () => {
    engine = await startTestEngine();
    docker = new Docker({ socketPath: engine.socketPath });
  });
  afterAll(() => engine?.stop());

  it('are made once, with busybox’s programs, and again when the content is another', async () => {
    const runtime = runtimeWith(saying('one'));
    await Promise.all([runtime.makeImages(ctx), runtime.makeImages(ctx)]);
    const first = await idOf('e2e/made:1');
    await runtimeWith(saying('one')).makeImages(ctx);
    expect(await idOf('e2e/made:1')).toBe(first);
    await runtimeWith(saying('two')).makeImages(ctx);
    expect(await idOf('e2e/made:1')).not.toBe(first);
    expect(await idOf(first!)).toBeUndefined();
    const box = await runtime.runSandbox(sandboxConfig(), ctx);
    const image = { id: (await idOf('e2e/made:1'))!, name: 'e2e/made:1' };
    const { id } = await runtime.createContainer(containerConfig(box, image, untilTold), ctx);
    await runtime.startContainer(id, ctx);
    const script = '/say/word; ls /bin/wget /bin/nc; whoami; touch /tmp/x && echo written';
    expect((await runtime.execSync(id, ['sh', '-c', script], 10, ctx)).output).toBe(
      'two\n/bin/nc\n/bin/wget\nroot\nwritten\n',
    );
  });

  it('are made when a pod asks for one that someone removed, and for no registry', async () => {
    const runtime = runtimeWith(saying('two'));
    await runtime.removeAll(ctx);
    expect(await idOf('e2e/made:1')).toBeUndefined();
    for (const reference of ['e2e/made:1', 'docker.io/e2e/made:1'])
      expect((await runtime.pullImage(reference, [], ctx)).tags).toEqual(['e2e/made:1']);
  });

  it('leave alone what someone else gave their name to, and what is built on them', async () => {
    const runtime = runtimeWith(saying('three'));
    await runtime.makeImages(ctx);
    const built = await docker.createContainer({ Image: 'e2e/made:1' });
    await built.commit({ repo: 'e2e/built', tag: '1' });
    await built.remove();
    await runtime.removeAll(ctx);
    expect(await idOf('e2e/built:1')).toBeDefined();
    const theirs = (await runtime.loadImage(busyboxRootfs(), 'e2e/made:1', ctx)).id;
    await runtime.makeImages(ctx);
    expect(await idOf('e2e/made:1')).toBe(theirs);
    await runtime.removeAll(ctx);
    expect(await idOf('e2e/made:1')).toBe(theirs);
  });
});
