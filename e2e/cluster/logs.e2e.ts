import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, run, TestCluster } from './test-cluster.ts';

const BURST = 400;
/** Says a burst of numbered lines, then waits for a file before the next; ends after the fifth. */
const talker = `n=0
say() { i=0; while [ $i -lt ${BURST} ]; do n=$((n+1)); i=$((i+1)); echo "line $n"; done; }
say
for go in 1 2 3 4; do while [ ! -e /go/$go ]; do usleep 20000; done; say; done`;

const lines = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i + 1}`);

describe('the log of a container', () => {
  let cluster: TestCluster;
  let go: string;
  beforeAll(async () => {
    cluster = await TestCluster.start('e2e-logs');
    await cluster.image('shell:1');
    go = join(cluster.home, 'go');
    await mkdir(go);
  });
  afterAll(() => cluster?.[Symbol.asyncDispose]());

  const pod = (name: string, script: string): Promise<string> =>
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: 'go', hostPath: { path: go } }],
        containers: [
          {
            name: 'say',
            image: 'shell:1',
            command: ['sh', '-c', script],
            volumeMounts: [{ name: 'go', mountPath: '/go' }],
          },
        ],
      },
    });
  const told = async (name: string): Promise<string[]> => (await cluster.kubectl('logs', name)).trimEnd().split('\n');
  const says = (count: number): Promise<void> =>
    eventually(async () => expect(await told('talker')).toEqual(lines(count)));
  const next = (n: number): void => writeFileSync(join(go, String(n)), '');
  const flat = (): string[] => readdirSync(join(cluster.dataDir, 'log/containers'));
  /** What a log agent that knows Kubernetes' layout alone makes of it. */
  const read = (): string[] =>
    readFileSync(join(cluster.dataDir, 'log/containers', flat().find((name) => name.startsWith('talker_'))!), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { log: string }).log.trimEnd());

  it('lies where foreign agents look for it', async () => {
    await pod('talker', talker);
    await cluster.kubectl('wait', '--for=jsonpath={.status.phase}=Running', 'pod/talker', '--timeout=40s');
    await says(BURST);
    const id = await cluster.kubectl(
      'get',
      'pod',
      'talker',
      '-o',
      'jsonpath={.status.containerStatuses[0].containerID}',
    );
    const uid = await cluster.kubectl('get', 'pod', 'talker', '-o', 'jsonpath={.metadata.uid}');
    expect(flat()).toContain(`talker_default_say-${id.replace('docker://', '')}.log`);
    expect(existsSync(join(cluster.dataDir, `log/pods/default_talker_${uid}/say/0.log`))).toBe(true);
    expect(read()).toEqual(lines(BURST));
  });

  it('loses and doubles nothing when the agent is killed while it is written', async () => {
    next(1);
    await cluster.kill('agent');
    await says(2 * BURST);
  });

  it('loses and doubles nothing when the engine is killed and the container goes on', async () => {
    process.kill(cluster.pid('engine'), 'SIGKILL');
    next(2);
    await says(3 * BURST);
    expect(read()).toEqual(lines(3 * BURST));
  });

  it('is followed to its end, and read afterwards', async () => {
    const following = cluster.tryKubectl(['logs', '-f', 'talker']);
    next(3);
    await says(4 * BURST);
    next(4);
    expect((await following).stdout.trimEnd().split('\n')).toEqual(lines(5 * BURST));
    await cluster.kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/talker', '--timeout=20s');
    expect(await told('talker')).toEqual(lines(5 * BURST));
    expect(read()).toEqual(lines(5 * BURST));
  });

  it('goes with its pod', async () => {
    await cluster.kubectl('delete', 'pod', 'talker');
    await eventually(async () => expect(flat().filter((name) => name.startsWith('talker_'))).toEqual([]));
    expect(readdirSync(join(cluster.dataDir, 'log/pods')).filter((name) => name.includes('talker'))).toEqual([]);
  });

  it('is followed across its rotation', async () => {
    const count = 150_000;
    await pod('chatty', `while [ ! -e /go/5 ]; do usleep 20000; done; seq 1 ${count}`);
    await cluster.kubectl('wait', '--for=jsonpath={.status.phase}=Running', 'pod/chatty', '--timeout=40s');
    const following = run('sh', ['-c', 'kubectl logs -f chatty | sha256sum'], { env: cluster.env, timeout: 50_000 });
    next(5);
    const expected = await run('sh', ['-c', `seq 1 ${count} | sha256sum`]);
    expect((await following).stdout).toBe(expected.stdout);
    const own = await cluster.kubectl(
      'get',
      'pod',
      'chatty',
      '-o',
      'jsonpath={.status.containerStatuses[0].containerID}',
    );
    const file = (await cluster.docker().getContainer(own.replace('docker://', '')).inspect()).LogPath;
    expect(existsSync(`${file}.1`)).toBe(true);
  });
});
