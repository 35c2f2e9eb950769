import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Load {
  readonly port: number;
  readonly token: string;
  readonly seconds: number;
  readonly connections?: number;
  /** The operation of `requests.lua` and its arguments. */
  readonly operation: readonly string[];
  /** Statuses from 400 on are expected, as of a bare server that knows no names. */
  readonly mayFail?: boolean;
}

export interface Loaded {
  readonly perSecond: number;
  readonly requests: number;
}

const script = join(import.meta.dirname, 'requests.lua');

/** Runs wrk once. An answer that is no success makes it an error: a fast refusal is not a figure. */
export async function wrk(load: Load): Promise<Loaded> {
  const args = [
    ...['-t1', `-c${load.connections ?? 32}`, `-d${load.seconds}s`, '--timeout=20s', '-s', script],
    ...['-H', `Authorization: Bearer ${load.token}`, `https://127.0.0.1:${load.port}`, '--', ...load.operation],
  ];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  const result = /^RESULT (\d+) (\d+) (\d+) (\d+)$/m.exec(out);
  if (code !== 0 || !result) throw new Error(`wrk ended with ${code}: ${out}`);
  const [requests, micros, failed] = [Number(result[1]), Number(result[2]), Number(result[3])];
  if (failed > requests / 1000 && !load.mayFail) {
    throw new Error(`wrk ${load.operation.slice(0, 2).join(' ')}: ${failed} of ${requests} answers were no success`);
  }
  return { perSecond: requests / (micros / 1e6), requests };
}
