import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { freePort } from '../support/free-port.ts';

export const root = resolve(import.meta.dirname, '../..');
export const cli = join(root, 'dist/cli.js');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. Never throws for its exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; timeout?: number; cwd?: string } = {},
): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      timeout: options.timeout ?? 60_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('error', fail);
    child.once('close', (code, signal) => done({ code: code ?? (signal ? 128 : 1), stdout, stderr }));
    child.stdin.on('error', () => {}); // a program that does not read its input
    child.stdin.end(options.input ?? '');
  });
}

/** Every kubectl of this machine, oldest first; the one in PATH where there is but one. */
export function kubectls(): readonly string[] {
  const dir = '/usr/lib/google-cloud-sdk/bin';
  const many = existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => /^kubectl\.\d+\.\d+$/.test(name))
        .sort()
    : [];
  if (many.length > 0) return many.map((name) => join(dir, name));
  const found = spawnSync('sh', ['-c', 'command -v kubectl'], { encoding: 'utf8' }).stdout.trim();
  if (!found) throw new Error('no kubectl on this machine');
  return [found];
}

/** What keeps a cluster from the engine that may run on this machine, so that it starts one of its own: nobody answers there. */
export const noFoundEngine = (dir: string): { readonly DOCKER_HOST: string } => ({
  DOCKER_HOST: `unix://${join(dir, 'no-engine.sock')}`,
});

/** A real cluster of its own, in a directory, engine and HOME of its own; purged when disposed of. */
export class TestCluster implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), 'kubernest-e2e-'));
  readonly dataDir = join(this.home, 'data');
  readonly env: { readonly HOME: string; readonly KUBECONFIG: string; readonly DOCKER_HOST: string };

  private constructor(
    readonly name: string,
    readonly upArgs: readonly string[],
    private readonly foundEngine: string | undefined,
  ) {
    this.env = {
      HOME: this.home,
      KUBECONFIG: join(this.home, 'kubeconfig'),
      ...(foundEngine ? { DOCKER_HOST: `unix://${foundEngine}` } : noFoundEngine(this.home)),
    };
  }

  /**
   * `foundEngine` is the socket of an engine that the cluster is to find and use. Its API has a port that no other cluster takes while it is
   * down: files run side by side.
   */
  static async start(name: string, upArgs: readonly string[] = [], foundEngine?: string): Promise<TestCluster> {
    return TestCluster.#started(new TestCluster(name, [...upArgs, `--api-port=${await freePort()}`], foundEngine));
  }

  /** With nothing chosen for it. */
  static startByDefault(name: string): Promise<TestCluster> {
    return TestCluster.#started(new TestCluster(name, [], undefined));
  }

  static async #started(cluster: TestCluster): Promise<TestCluster> {
    try {
      await cluster.up();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async up(): Promise<void> {
    const ran = await this.kubernest('up', '--detach', '--no-install', ...this.upArgs);
    if (ran.code !== 0) throw new Error(`kubernest up failed: ${ran.stderr}${this.logs()}`);
  }

  kubernest(command: string, ...args: string[]): Promise<Ran> {
    return run(process.execPath, [...this.command(command), ...args], { env: this.env, timeout: 120_000 });
  }

  /** The arguments of Node.js for a command about this cluster. */
  command(command: string): readonly string[] {
    return [cli, command, `--name=${this.name}`, `--data-dir=${this.dataDir}`];
  }

  /** kubectl with this cluster's context; fails the test unless it ends with `code` 0. */
  async kubectl(...args: string[]): Promise<string> {
    const ran = await this.tryKubectl(args);
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}${ran.stdout}`);
    return ran.stdout;
  }

  tryKubectl(
    args: readonly string[],
    options: { input?: string; kubectl?: string; timeout?: number; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ran> {
    return run(options.kubectl ?? kubectls().at(-1)!, args, {
      env: { ...this.env, ...options.env },
      input: options.input,
      timeout: options.timeout ?? 60_000,
    });
  }

  async apply(manifest: object): Promise<string> {
    const ran = await this.tryKubectl(['apply', '-f', '-'], { input: JSON.stringify(manifest) });
    if (ran.code !== 0) throw new Error(`kubectl apply ended with ${ran.code}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** The pid of one of the cluster's processes: `up`, `api`, `agent` or `engine`. */
  pid(process: string): number {
    return (JSON.parse(readFileSync(join(this.dataDir, 'run', `${process}.json`), 'utf8')) as { pid: number }).pid;
  }

  /** Ends one of them, and waits until `up` has started another in its place. */
  async kill(process_: string, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const pid = this.pid(process_);
    process.kill(pid, signal);
    await eventually(async () => {
      if (this.pid(process_) === pid) throw new Error(`${process_} was not started again`);
    });
  }

  docker(): Docker {
    return new Docker({ socketPath: this.engineSocket() });
  }

  engineSocket(): string {
    return this.foundEngine ?? join(this.dataDir, 'docker/docker.sock');
  }

  /** An image of a static busybox with its applets and `files`, made on the machine. */
  async image(
    name: string,
    content: {
      readonly command?: readonly string[];
      readonly files?: Readonly<Record<string, string>>;
      /** Path in the image → static program of this machine. */
      readonly programs?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<void> {
    const tar = await busyboxTar(content.files ?? {}, content.programs ?? {});
    const [repo, tag] = name.split(':') as [string, string];
    const changes = content.command ? [`CMD ${JSON.stringify(content.command)}`] : [];
    const docker = this.docker();
    const options = { repo, tag, changes };
    const stream = await docker.importImage(Readable.from([tar]), options);
    await new Promise<void>((done, fail) =>
      docker.modem.followProgress(stream, (error) => (error ? fail(error) : done())),
    );
  }

  log(process: string): string {
    return readFileSync(join(this.dataDir, 'run', `${process}.log`), 'utf8');
  }

  logs(): string {
    return ['up', 'api', 'agent', 'engine']
      .filter((name) => existsSync(join(this.dataDir, 'run', `${name}.log`)))
      .map((name) => `\n--- ${name}\n${this.log(name).split('\n').slice(-25).join('\n')}`)
      .join('');
  }

  /** What Node itself had to warn of, in the log of any of the cluster's processes. */
  warnings(): readonly string[] {
    const folder = join(this.dataDir, 'run');
    const logs = existsSync(folder) ? readdirSync(folder).filter((name) => /\.log(\.1)?$/.test(name)) : [];
    return logs.flatMap((name) =>
      nodeWarnings(readFileSync(join(folder, name), 'utf8')).map((line) => `${name}: ${line}`),
    );
  }

  /** Fails when a process had to warn of something, however it ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kubernest('down');
    const warnings = this.warnings();
    await this.kubernest('down', '--purge');
    rmSync(this.home, { recursive: true, force: true });
    if (warnings.length > 0) throw new Error(`Node warned of something:\n${warnings.join('\n')}`);
  }
}

/** The lines of a log in which Node warns: `(node:7) MaxListenersExceededWarning: …`. */
export const nodeWarnings = (log: string): readonly string[] =>
  log.split('\n').filter((line) => /\(node:\d+\) (\[\w+\] )?(\w+)?Warning: /.test(line));

export async function busyboxTar(
  files: Readonly<Record<string, string>>,
  programs: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-image-'));
  try {
    const script = `mkdir -p bin tmp proc sys dev etc && cp "$BUSYBOX" bin/busybox && for a in $(bin/busybox --list); do [ -e bin/$a ] || ln -s busybox bin/$a; done
      printf 'root:x:0:0:root:/:/bin/sh\\n' > etc/passwd; printf 'root:x:0:\\n' > etc/group; chmod 1777 tmp`;
    const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
    const made = spawnSync('sh', ['-ec', script], { cwd: dir, env: { ...process.env, BUSYBOX: busybox } });
    if (made.status !== 0) throw new Error(`could not make a root file system: ${made.stderr}`);
    for (const [path, content] of Object.entries(files)) {
      const put = spawnSync(
        'sh',
        ['-ec', 'mkdir -p "$(dirname "$1")" && cat > "$1" && chmod 755 "$1"', 'sh', path.replace(/^\//, '')],
        { cwd: dir, input: content },
      );
      if (put.status !== 0) throw new Error(`could not write ${path}: ${put.stderr}`);
    }
    for (const [path, program] of Object.entries(programs)) copyFileSync(program, join(dir, path));
    return spawnSync('tar', ['-c', '.'], { cwd: dir, maxBuffer: 256 * 1024 * 1024 }).stdout;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Asks until the answer pleases; the error is the last one. For things outside the API, which no watch tells of. */
export async function eventually<T>(ask: () => Promise<T>, within = 30_000): Promise<T> {
  const until = Date.now() + within;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(150);
    }
  }
}
