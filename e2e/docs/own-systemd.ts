import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { eventually, type Ran, root, run } from '../cluster/test-cluster.ts';

const script = join(import.meta.dirname, 'own-systemd.sh');

/** A systemd that sees this machine and changes nothing of it; it ends with all that it runs when disposed of. */
export class OwnSystemd implements AsyncDisposable {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'kubernest-systemd-'));
  readonly #child: ChildProcess;

  private constructor() {
    const args = [basename(this.#scratch), this.#scratch, root];
    this.#child = spawn(script, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  }

  static async start(): Promise<OwnSystemd> {
    const systemd = new OwnSystemd();
    try {
      await eventually(async () => {
        const { stdout, stderr } = await systemd.run('systemctl is-system-running');
        if (stdout.trim() !== 'running') throw new Error(`systemd does not run: ${stdout}${stderr}`);
      });
      return systemd;
    } catch (error) {
      await systemd[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What root types there, in the checkout. */
  run(command: string): Promise<Ran> {
    const systemd = spawnSync('pgrep', ['-P', String(this.#child.pid)], { encoding: 'utf8' }).stdout.trim();
    const enter = ['-t', systemd, '--mount', '--net', '--pid', '--uts', '--ipc', '--cgroup', '--root', '--wd'];
    const env = [`PATH=${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`, 'HOME=/root'];
    const line = `cd '${root}' && ${command}`;
    return run('nsenter', [...enter, 'env', '-i', ...env, 'sh', '-c', line], { timeout: 120_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#child.exitCode === null && this.#child.signalCode === null && once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    rmdirSync(this.#scratch);
    const cgroup = ['systemd', '']
      .map((tree) => join('/sys/fs/cgroup', tree, basename(this.#scratch)))
      .find((path) => existsSync(path));
    // What was in it is on its way out still.
    if (cgroup) await eventually(async () => removeCgroup(cgroup));
  }
}

function removeCgroup(path: string): void {
  const { status, stderr } = spawnSync('find', [path, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', '+'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
