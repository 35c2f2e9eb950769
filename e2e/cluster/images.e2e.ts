import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  const load = (...args: string[]): Promise<Ran> => {
    const own = [`--name=${cluster.name}`, `--data-dir=${cluster.dataDir}`];
    return run(process.execPath, [cli, 'image', 'load', ...args, ...own], { env: cluster.env });
  };
  const runs = (pod: string, image: string, ...args: string[]): Promise<string> =>
    cluster
      .kubectl('run', pod, `--image=${image}`, ...args)
      .then(() => cluster.kubectl('wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=40s'));

  it('come from a registry, and again only when asked', async () => {
    await using registry = await TestRegistry.serve(rootFs);
    const image = `${registry.host}/busy:1`;
    await runs('pulled', image);
    expect(await events('pulled')).toMatch(
      new RegExp(`Pulling image "${image}".*Successfully pulled image "${image}" in .*Image size: \\d+ bytes`),
    );
    const path = 'jsonpath={.status.containerStatuses[0].imageID}';
    const imageID = await cluster.kubectl('get', 'pod', 'pulled', '-o', path);
    expect(imageID).toMatch(/^docker-pullable:\/\/\S+\/busy@sha256:[0-9a-f]{64}$/);
    const before = registry.asked.length;
    await runs('present', image);
    expect(await events('present')).toContain(`Container image "${image}" already present on machine`);
    expect(registry.asked.length).toBe(before);
    await runs('again', image, '--image-pull-policy=Always');
    expect(registry.asked.length).toBeGreaterThan(before);
  });

  it('of a private registry come with the pod’s secret alone', async () => {
    await using registry = await TestRegistry.serve(rootFs, { user: 'ann', password: 'let me in' });
    const image = `${registry.host}/busy:1`;
    await cluster.kubectl('run', 'stranger', `--image=${image}`);
    await cluster.kubectl(
      'wait',
      '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff',
      'pod/stranger',
      '--timeout=40s',
    );
    expect(await events('stranger')).toContain(`Failed to pull image "${image}"`);
    await cluster.kubectl(
      'create',
      'secret',
      'docker-registry',
      'login',
      `--docker-server=${registry.host}`,
      '--docker-username=ann',
      '--docker-password=let me in',
    );
    await runs('known', image, '--overrides', JSON.stringify({ spec: { imagePullSecrets: [{ name: 'login' }] } }));
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
    expect((await load(join(cluster.home, 'absent'))).stderr).toMatch(/^kubernest: could not load .*absent: ENOENT/);
  });
});
