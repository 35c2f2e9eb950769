import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInOwnNetwork } from '../runtime/own-network.ts';
import { needsEngine, startTestEngine, type TestEngine } from '../runtime/test-engine.ts';
import { eventually, noFoundEngine, run, TestCluster } from './test-cluster.ts';

const inside = process.env['E2E_PLAIN_ENGINE'] === '1';

/** The tests below run inside; outside there is one, which runs them. */
if (inside) describe('a cluster on an engine that was found', inOwnNetwork);
else
  describe('a machine with no way out', needsEngine, () => {
    it('carries a cluster on the plain engine that is found there', () => {
      const { status, stdout } = runInOwnNetwork('e2e/cluster/found-engine.e2e.ts');
      expect(status, stdout).toBe(0);
      expect(stdout).toContain('-P FORWARD DROP\n-A FORWARD -j DOCKER-USER');
    }, 180_000);
  });

function inOwnNetwork(): void {
  let engine: TestEngine;
  let docker: Docker;
  let cluster: TestCluster;
  let fresh: Awaited<ReturnType<typeof footprint>>;
  let before: Awaited<ReturnType<typeof footprint>>;

  /** What the engine has, and every rule and link of this network. */
  async function footprint() {
    const [images, containers] = [await docker.listImages(), await docker.listContainers({ all: true })];
    const rules = (await run('iptables-save', [])).stdout.split('\n').filter((line) => !line.startsWith('#'));
    const links = (await run('ip', ['-o', 'link'])).stdout
      .split('\n')
      .map((line) => line.split(':')[1]?.replace(/veth.*/, 'veth'));
    return {
      images: images.flatMap((image) => image.RepoTags ?? []).sort(),
      containers: containers.map((container) => container.Names[0]),
      rules: rules.map((line) => line.replace(/ \[\d+:\d+\]$/, '')),
      links,
    };
  }
  const value = (...args: string[]): Promise<string> => cluster.kubectl('get', ...args);
  const page = async (url: string): Promise<string> => {
    const ran = await run('wget', ['-qO-', '-T', '2', '-t', '1', url]);
    if (ran.code !== 0) throw new Error(`no answer from ${url}: ${ran.stderr}`);
    return ran.stdout.trim();
  };
  const readyPods = () =>
    cluster.kubectl('wait', '--for=jsonpath={.status.readyReplicas}=2', 'deployment/web', '--timeout=50s');

  beforeAll(async () => {
    engine = await startTestEngine(['--log-level=warn']);
    docker = new Docker({ socketPath: engine.socketPath });
    fresh = await footprint();
    cluster = await TestCluster.start('e2e-found', [], engine.socketPath);
    const serve = 'hostname > /tmp/index.html; trap exit TERM; httpd -f -p 8080 -h /tmp & wait';
    await cluster.image('web:1', { command: ['/bin/sh', '-c', serve] });
    expect(await cluster.kubernest('down')).toMatchObject({ code: 0 });
    const theirs = await docker.createContainer({
      Image: 'web:1',
      name: 'theirs',
      HostConfig: { RestartPolicy: { Name: 'always' } },
    });
    await theirs.start();
    before = await footprint();
    await cluster.up();
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await engine?.stop();
  });

  it('has the gateway of its pods for an address, and the API listens there and on loopback only', async () => {
    const address = await value(
      'nodes',
      '-o',
      'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
    );
    expect(address).toMatch(/^10\.\d+\.0\.1$/);
    expect((await run('ip', ['-o', '-4', 'address'])).stdout).toContain(` ${address}/24`);
    const endpoint = await value(
      'endpoints',
      'kubernetes',
      '-o',
      'jsonpath={.subsets[0].addresses[0].ip}:{.subsets[0].ports[0].port}',
    );
    const port = endpoint.split(':')[1]!;
    const wanted = [endpoint, `127.0.0.1:${port}`].sort();
    await eventually(async () => {
      const addresses = (await run('ss', ['-ltnH'])).stdout.match(/\S+:\d+(?= )/g)!;
      expect(addresses.filter((each) => each.endsWith(`:${port}`)).sort()).toEqual(wanted);
    });
  });

  it('does the main job under FORWARD policy DROP', async () => {
    await cluster.kubectl('create', 'deployment', 'web', '--image=web:1', '--replicas=2');
    await cluster.kubectl('expose', 'deployment', 'web', '--port=80', '--target-port=8080', '--type=NodePort');
    await readyPods();
    const ip = await value('service', 'web', '-o', 'jsonpath={.spec.clusterIP}');
    const nodePort = await value('service', 'web', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    for (const url of [`http://${ip}/`, `http://127.0.0.1:${nodePort}/`])
      expect(await eventually(() => page(url))).toMatch(/^web-/);
    const fromPod = new Set<string>();
    await eventually(async () => {
      fromPod.add(await cluster.kubectl('exec', 'deployment/web', '--', 'wget', '-qO-', `http://${ip}/`));
      expect(fromPod.size).toBe(2);
    });
    for (const nobody of [`${ip}:81`, ip.replace(/\d+\.\d+$/, '255.254')]) {
      const asked = await cluster.tryKubectl(['exec', 'deployment/web', '--', 'wget', '-qO-', `http://${nobody}/`]);
      expect(asked.stderr).toContain('Connection refused');
    }
    expect((await docker.getContainer('theirs').inspect()).State.Running).toBe(true);
  });

  it('waits for the engine when it is killed, and its pods come back', async () => {
    const pids = ['up', 'api', 'agent'].map((process) => cluster.pid(process));
    await engine.kill();
    await cluster.kubectl('wait', '--for=condition=Ready=false', 'node', '--all', '--timeout=50s');
    const away = `${engine.socketPath}, which the cluster uses, does not answer`;
    expect((await cluster.kubernest('doctor')).stdout).toContain(away);
    const told = `the Docker Engine at ${engine.socketPath}`;
    expect((await cluster.kubernest('status')).stdout).toContain(`${told} does not answer: start it again`);
    expect((await cluster.kubernest('logs', 'engine')).stdout).toContain(`the cluster uses ${told}`);
    await engine.start();
    await cluster.kubectl('run', 'later', '--image=web:1');
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/later', '--timeout=50s');
    await readyPods();
    const ip = await value('service', 'web', '-o', 'jsonpath={.spec.clusterIP}');
    expect(await eventually(() => page(`http://${ip}/`))).toMatch(/^web-/);
    expect(['up', 'api', 'agent'].map((process) => cluster.pid(process))).toEqual(pids);
  });

  it('is taken back from it, whatever the environment says, and all else is as it was', async () => {
    process.kill(cluster.pid('up'), 'SIGKILL');
    const elsewhere = await run(process.execPath, cluster.command('down'), {
      env: { ...cluster.env, ...noFoundEngine(cluster.home) },
    });
    expect(elsewhere).toMatchObject({ code: 0, stderr: '' });
    // The link of a container that is gone goes a moment after it, theirs among them, which their engine has started again.
    await eventually(async () => expect(await footprint()).toEqual(before));
  });

  it('has said whose it is, and purged it leaves only what others put there', async () => {
    expect(cluster.log('up')).toContain(
      `using the Docker Engine at ${engine.socketPath}: pods have its images, and the rest of it is left alone`,
    );
    expect(await cluster.kubernest('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
    const { images, rules } = await footprint();
    expect({ images, rules }).toEqual({ images: [...fresh.images, 'web:1'], rules: fresh.rules });
    expect(await docker.getContainer('theirs').inspect()).toMatchObject({ State: { Running: true }, RestartCount: 0 });
  });
}
