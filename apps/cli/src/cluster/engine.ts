import { existsSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@kubernest/kit';
import { fileFault, isMissing, procStat } from '@kubernest/process';
import { fileInPath } from '../../../../tools/bootstrap/packages.mjs';
import type { ClusterDir } from './cluster-dir.ts';
import { writeRecord } from './record-file.ts';
import { endHalfStarted } from './shims.ts';
import type { ProcessSpec } from './supervisor.ts';

/** The container engine a cluster uses: one that was found and belongs to others, or an own one. */
export interface EngineChoice {
  readonly socket: string;
  readonly own: boolean;
}

/** The engine whose containers the cluster's pods are; else one that answers, used as it is; else an own one under the data directory. */
export async function chooseEngine(dir: ClusterDir): Promise<EngineChoice> {
  const inUse = keptChoice(dir);
  if (inUse) return inUse;
  const found = await machineEngine();
  if (found) return { socket: found, own: false };
  return { socket: dir.in('docker', 'docker.sock'), own: true };
}

/** Of a cluster that was not stopped. */
export function keptChoice(dir: ClusterDir): EngineChoice | undefined {
  const file = choiceFile(dir);
  return existsSync(file) ? readChoice(file) : undefined;
}

function readChoice(file: string): EngineChoice {
  try {
    const { socket, own } = JSON.parse(readFileSync(file, 'utf8')) as Partial<EngineChoice>;
    if (typeof socket !== 'string' || typeof own !== 'boolean') throw new Error('it names no engine');
    return { socket, own };
  } catch (error) {
    throw new Error(
      `${file}, which names the engine of this cluster's containers, cannot be read: ${fileFault(error)}. Remove it once none of them runs`,
      { cause: error },
    );
  }
}

export const choiceFile = (dir: ClusterDir): string => dir.in('run', 'engine-choice.json');

/** Kept until the cluster is stopped: neither another environment nor an engine that comes up meanwhile changes it. */
export function keepChoice(dir: ClusterDir, choice: EngineChoice): void {
  writeRecord(choiceFile(dir), choice);
}

/** A cluster that was not stopped: what it made on the machine is still there. */
export const hasChoice = (dir: ClusterDir): boolean => existsSync(choiceFile(dir));

export function forgetChoice(dir: ClusterDir): void {
  rmSync(choiceFile(dir), { force: true });
}

/** The socket of the engine that runs on this machine whether or not there are clusters; undefined where none answers. */
export async function machineEngine(): Promise<string | undefined> {
  const found = foundSocket();
  return found && (await answers(found)) ? found : undefined;
}

function foundSocket(): string | undefined {
  const host = process.env['DOCKER_HOST'];
  if (host?.startsWith('unix://')) return host.slice('unix://'.length);
  return existsSync('/var/run/docker.sock') ? '/var/run/docker.sock' : undefined;
}

/** Why the engine that the environment names is not used, where it is not. */
export function unusedHost(host = process.env['DOCKER_HOST']): string | undefined {
  if (!host) return undefined;
  const why = host.startsWith('unix://')
    ? 'nobody answers there'
    : 'pods need an engine of this machine, at a unix:// address';
  return `DOCKER_HOST (${host}) is not used: ${why}`;
}

/** To start an own engine with. */
export const dockerdFile = (): string | undefined => fileInPath('dockerd');

export function ownEngine(dir: ClusterDir, binary: string): ProcessSpec {
  const at = (name: string): string => dir.in('docker', name);
  return {
    name: 'engine',
    command: binary,
    args: [
      `--host=unix://${at('docker.sock')}`,
      `--data-root=${at('data')}`,
      `--exec-root=${at('exec')}`,
      `--pidfile=${at('docker.pid')}`,
      '--iptables=false',
      '--ip-masq=false',
      '--ip-forward=false',
      '--bridge=none',
      '--live-restore',
      '--userland-proxy=false',
    ],
    pidFile: dir.pidFile('engine'),
    logFile: dir.logFile('engine'),
    stopGrace: 10_000,
    adopt: true,
    ready: (_child, signal) => untilAnswers(at('docker.sock'), signal),
    beforeStart: async (signal) => {
      for (const file of ['docker.pid', 'exec/containerd/containerd.pid']) await untilGone(at(file), signal);
      endHalfStarted(dir);
    },
  };
}

/** A killed engine leaves its containerd dying; one that starts meanwhile waits 15 s for it and gives up. Of another engine it does at once. */
async function untilGone(pidFile: string, signal: AbortSignal): Promise<void> {
  const until = performance.now() + 5000;
  while (isRunning(pidFile) && performance.now() < until) {
    signal.throwIfAborted();
    await sleep(30, undefined, { signal });
  }
  // Where nobody reaps it, a dead one keeps its process id and the engine would take it for alive.
  if (!isRunning(pidFile)) rmSync(pidFile, { force: true });
}

function isRunning(pidFile: string): boolean {
  try {
    const stat = procStat(Number(readFileSync(pidFile, 'utf8')));
    return stat !== undefined && stat.state !== 'Z';
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function untilAnswers(socket: string, signal: AbortSignal): Promise<void> {
  while (!(await answers(socket))) {
    signal.throwIfAborted();
    await sleep(30, undefined, { signal });
  }
}

/** Waits until the engine answers, however it comes back; rejects on abort. */
export function whenEngineAnswers(socket: string, ctx: Context): Promise<void> {
  return untilAnswers(socket, ctx.signal);
}

export function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: socket, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('error', () => resolve(false));
    ping.once('timeout', () => ping.destroy(new Error('timed out')));
    ping.end();
  });
}
