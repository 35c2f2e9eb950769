import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Kubectl {
  readonly path: string;
  /** Minor version: 1.<minor>. */
  readonly minor: number;
}

/** Every kubectl on this machine: on the PATH and beside it as `kubectl.1.NN`. */
export function findKubectls(): readonly Kubectl[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/lib/google-cloud-sdk/bin'].filter((folder) =>
    existsSync(folder),
  );
  const found = new Map<number, Kubectl>();
  for (const path of new Set(
    folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /^kubectl(\.1\.\d+)?$/.test(name))
        .map((name) => join(folder, name)),
    ),
  )) {
    const minor = Number(
      /"gitVersion": "v1\.(\d+)/.exec(
        spawnSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' }).stdout,
      )?.[1],
    );
    if (minor > 0 && !found.has(minor)) found.set(minor, { path, minor });
  }
  if (found.size === 0) throw new Error('no kubectl on this machine');
  return [...found.values()].sort((a, b) => a.minor - b.minor);
}

export interface KubectlResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export function kubectl(
  tool: Kubectl,
  args: readonly string[],
  given: { input?: Buffer; env?: Record<string, string> },
): Promise<KubectlResult> {
  const child = spawn(tool.path, ['--kubeconfig=/dev/null', ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...given.env },
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(given.input);
  return new Promise((resolve) =>
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    ),
  );
}
