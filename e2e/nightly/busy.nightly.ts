import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually, kubectls, TestCluster } from '../cluster/test-cluster.ts';

const NODES = 500;
const SECONDS = 90;

/** Of every state that a node is ever seen in, those in which it was not Ready; and how old the oldest Lease is. */
class Watched implements Disposable {
  readonly lost: string[] = [];
  seen = 0;
  readonly #child: ChildProcess;

  constructor(private readonly cluster: TestCluster) {
    const line = '{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}';
    const args = ['get', 'nodes', '--watch', `--output=jsonpath=${line}`];
    this.#child = spawn(kubectls().at(-1)!, args, { env: { ...process.env, ...cluster.env } });
    let rest = '';
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      this.seen += lines.length;
      this.lost.push(...lines.filter((each) => !each.endsWith(' True')));
    });
  }

  async oldestLease(): Promise<number> {
    const times = await this.cluster.kubectl(
      'get',
      'leases',
      '-n',
      'kube-node-lease',
      '-o',
      'jsonpath={.items[*].spec.renewTime}',
    );
    return (Date.now() - Math.min(...times.split(' ').map(Date.parse))) / 1000;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}

const upArgs = ['--runtime=hollow', `--hollow-nodes=${NODES}`];

/** Not by `kubectl wait`, which asks for one after the other and takes minutes. */
function whenAllReady(cluster: TestCluster): Promise<void> {
  const states = ['get', 'nodes', '-o', 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}'];
  return eventually(async () => {
    const ready = (await cluster.kubectl(...states)).split(' ').filter((state) => state === 'True');
    expect(ready).toHaveLength(NODES);
  }, 60_000);
}

it(`${NODES} hollow nodes stay Ready for ${SECONDS} s while six busy loops for each core outrank their cluster`, async () => {
  await using cluster = await TestCluster.start('e2e-busy', upArgs);
  await whenAllReady(cluster);
  using nodes = new Watched(cluster);
  await eventually(async () => expect(nodes.seen).toBeGreaterThanOrEqual(NODES));
  const loops = Array.from({ length: 6 * availableParallelism() }, () =>
    spawn('nice', ['-n', '-10', process.execPath, '-e', 'for (;;) {}']),
  );
  await sleep(SECONDS * 1000);
  const oldest = await nodes.oldestLease();
  for (const loop of loops) loop.kill('SIGKILL');
  console.log(`oldest Lease of ${NODES} nodes at the end: ${oldest.toFixed(0)} s`);
  expect(nodes.lost).toEqual([]);
});

it(`${NODES} hollow nodes stay Ready when their whole cluster stands still for longer than a Lease lasts`, async () => {
  await using cluster = await TestCluster.start('e2e-still', upArgs);
  await whenAllReady(cluster);
  using nodes = new Watched(cluster);
  await eventually(async () => expect(nodes.seen).toBeGreaterThanOrEqual(NODES));
  const pids = ['up', 'api', 'agent'].map((process) => cluster.pid(process));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await sleep(60_000);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  // Every Lease was renewed since: whoever was to be given up would have been.
  await eventually(async () => expect(await nodes.oldestLease()).toBeLessThan(30), 60_000);
  expect(nodes.lost).toEqual([]);
  expect(['up', 'api', 'agent'].map((process) => cluster.pid(process))).toEqual(pids);
});
