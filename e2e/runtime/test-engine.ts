import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { needs } from '../../tools/test/facts.ts';

/** A Docker Engine of the test's own: nothing of the machine's is seen or touched. */
export interface TestEngine {
  readonly socketPath: string;
  readonly folder: string;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** For the tests that start one. */
export const needsEngine = needs('root', 'dockerd', 'busybox');

/**
 * A killed engine's containerd dies a moment later. An engine that starts in between finds it alive, waits for it in vain and
 * gives up after 15 seconds.
 */
async function containerdGone(pidFile: string): Promise<void> {
  const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : '';
  for (let tries = 0; pid !== '' && existsSync(`/proc/${pid}`); tries++) {
    if (tries === 200) throw new Error(`containerd ${pid} of the killed engine does not end`);
    await sleep(20);
  }
}

export async function startTestEngine(flags: readonly string[] = []): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'kubernest-engine-'));
  const path = (name: string) => join(folder, name);
  mkdirSync(path('data'));
  const socketPath = path('docker.sock');
  let child: ChildProcess | undefined;
  const exited = () =>
    new Promise<void>((resolve) =>
      child && child.exitCode === null && child.signalCode === null ? child.once('exit', () => resolve()) : resolve(),
    );
  const engine: TestEngine = {
    socketPath,
    folder,
    async start() {
      rmSync(path('docker.pid'), { force: true });
      await containerdGone(path('exec/containerd/containerd.pid'));
      const args = [
        '-H',
        `unix://${socketPath}`,
        '--data-root',
        path('data'),
        '--exec-root',
        path('exec'),
        '--pidfile',
        path('docker.pid'),
      ];
      const own = [
        '--iptables=false',
        '--ip-masq=false',
        '--ip-forward=false',
        '--live-restore',
        '--bridge=none',
        '--userland-proxy=false',
      ];
      const log = openSync(path('dockerd.log'), 'a');
      child = spawn('dockerd', [...args, ...(flags.length > 0 ? flags : own)], { stdio: ['ignore', log, log] });
      const docker = new Docker({ socketPath });
      for (let tries = 0; ; tries++) {
        if (
          await docker.ping().then(
            () => true,
            () => false,
          )
        )
          return;
        if (child.exitCode !== null || tries > 600)
          throw new Error(`dockerd did not start: see ${path('dockerd.log')}`);
        await sleep(50);
      }
    },
    async kill() {
      child?.kill('SIGKILL');
      await exited();
    },
    async stop() {
      const docker = new Docker({ socketPath });
      const left = await docker.listContainers({ all: true }).catch(() => []);
      await Promise.all(
        left.map((c) =>
          docker
            .getContainer(c.Id)
            .remove({ force: true })
            .catch(() => {}),
        ),
      );
      child?.kill('SIGTERM');
      await exited();
      spawnSync('umount', [path('data')]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await engine.start();
  return engine;
}
