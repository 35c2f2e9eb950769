import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine } from '../runtime/test-engine.ts';
import { TestRegistry } from './registry.ts';
import { busyboxTar, cli, type Ran, run, TestCluster } from './test-cluster.ts';

describe('images', () => {
  let cluster: TestCluster;
  let rootFs: Buffer;
  beforeAll(async () => {
    cluster = await TestCluster.start('e2e-images');
    rootFs = await busyboxTar({}, {});
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const events = (pod: string): Promise<string> =>
    cluster.kubectl(
      'get',
      'events',
      `--field-selector=involvedObject.name=${pod}`,
      '-o',
      'jsonpath={.items[*].message}',
    );
  const image = (words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> => {
    const own = [`--name=${cluster.name}`, `--data-dir=${cluster.dataDir}`];
    return run(process.execPath, [cli, 'image', ...words, ...own], { env: { ...cluster.env, ...env } });
  };
  const load = (...args: string[]): Promise<Ran> => image(['load', ...args]);
  const runs = (pod: string, image: string, ...args: string[]): Promise<string> =>
    cluster
      .kubectl('run', pod, `--image=${image}`, ...args)
      .then(() => cluster.kubectl('wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=40s'));

  it('come from a registry, and again only when asked', async () => {
    await using registry = await TestRegistry.serve(rootFs);
    const reference = `${registry.host}/busy:1`;
    await runs('pulled', reference);
    expect(await events('pulled')).toMatch(
      new RegExp(`Pulling image "${reference}".*Successfully pulled image "${reference}" in .*Image size: \\d+ bytes`),
    );
    const path = 'jsonpath={.status.containerStatuses[0].imageID}';
    const imageID = await cluster.kubectl('get', 'pod', 'pulled', '-o', path);
    expect(imageID).toMatch(/^docker-pullable:\/\/\S+\/busy@sha256:[0-9a-f]{64}$/);
    const before = registry.asked.length;
    await runs('present', reference);
    expect(await events('present')).toContain(`Container image "${reference}" already present on machine`);
    expect(registry.asked.length).toBe(before);
    await runs('again', reference, '--image-pull-policy=Always');
    expect(registry.asked.length).toBeGreaterThan(before);
  });

  it('of a private registry come with the pod’s secret alone', async () => {
    await using registry = await TestRegistry.serve(rootFs, { user: 'ann', password: 'let me in' });
    const reference = `${registry.host}/busy:1`;
    await cluster.kubectl('run', 'stranger', `--image=${reference}`);
    await cluster.kubectl(
      'wait',
      '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff',
      'pod/stranger',
      '--timeout=40s',
    );
    expect(await events('stranger')).toContain(`Failed to pull image "${reference}"`);
    await cluster.kubectl(
      'create',
      'secret',
      'docker-registry',
      'login',
      `--docker-server=${registry.host}`,
      '--docker-username=ann',
      '--docker-password=let me in',
    );
    await runs('known', reference, '--overrides', JSON.stringify({ spec: { imagePullSecrets: [{ name: 'login' }] } }));
  });

  it('are loaded from the tar of a root file system or from what docker save wrote', async () => {
    const tar = join(cluster.home, 'root.tar');
    writeFileSync(tar, rootFs);
    expect(await load(tar, '--as', 'loaded:1')).toMatchObject({ code: 0 });
    const saved = join(cluster.home, 'saved.tar');
    await pipeline(await cluster.docker().getImage('loaded:1').get(), createWriteStream(saved));
    await cluster.docker().getImage('loaded:1').remove();
    const again = await load(saved);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('loaded:1') });
    await runs('loaded', 'loaded:1', '--command', '--', '/bin/sleep', '1000');
  });

  it('that are none are refused in words', async () => {
    const file = join(cluster.home, 'no-image');
    writeFileSync(file, 'no tar at all');
    const ran = await load(file, '--as', 'x:1');
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(/no-image/);
    expect((await load(join(cluster.home, 'absent'))).stderr).toMatch(
      /^kubernest: could not load .*absent: there is no such file, and no engine of this machine answers/,
    );
  });

  it('of the machine’s own engine are loaded by name', async () => {
    const engine = await startTestEngine();
    try {
      const docker = new Docker({ socketPath: engine.socketPath });
      const tar = join(cluster.home, 'theirs.tar');
      writeFileSync(tar, rootFs);
      await finished((await docker.importImage(tar, { repo: 'theirs', tag: '3' })).resume());
      const env = { DOCKER_HOST: `unix://${engine.socketPath}` };
      expect(await image(['load', 'theirs:3'], env)).toMatchObject({ code: 0, stdout: 'loaded theirs:3\n' });
      await runs('theirs', 'theirs:3', '--command', '--', '/bin/sleep', '1000');
      expect((await image(['load', 'nobodys:1'], env)).stderr).toContain(
        'there is neither such a file nor such an image in the engine at',
      );
    } finally {
      await engine.stop();
    }
  });

  it('are listed, and removed unless something runs from them', async () => {
    writeFileSync(join(cluster.home, 'spare.tar'), await busyboxTar({ 'spare.txt': 'spare' }, {}));
    await load(join(cluster.home, 'spare.tar'), '--as', 'spare:1');
    expect((await image(['ls'])).stdout).toMatch(/^IMAGE +ID +SIZE\n(.*\n)*spare:1 +[0-9a-f]{12} +\d+\.\d MB\n/);
    const listed = JSON.parse((await image(['ls', '-o', 'json'])).stdout) as { tags: string[] }[];
    expect(listed.flatMap(({ tags }) => tags)).toContain('spare:1');
    expect(await image(['rm', 'spare:1'])).toMatchObject({ code: 0, stdout: 'removed spare:1\n' });
    expect((await image(['ls'])).stdout).not.toContain('spare:1');
    expect(await image(['rm', 'spare:1'])).toMatchObject({
      code: 1,
      stderr: 'kubernest: could not remove spare:1: there is no such image\n',
    });
  });

  it('of a cluster that is not there are nowhere', async () => {
    const own = ['--name=nobody', `--data-dir=${join(cluster.home, 'nobody')}`];
    for (const words of [['ls'], ['load', 'x.tar'], ['rm', 'x']]) {
      const ran = await run(process.execPath, [cli, 'image', ...words, ...own], { env: cluster.env });
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no cluster "nobody"') });
    }
  });
});
