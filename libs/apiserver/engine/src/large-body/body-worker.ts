import { parentPort } from 'node:worker_threads';
import type { Expected } from '../contract/index.ts';
import { type BodyJob, type BodyResult, isType, runBodyJob } from './body-job.ts';

/** What a program does that is started as the thread for large bodies: answers jobs in their order. `types`: the definitions of the API server, too. */
export function runBodyWorker(types: readonly Expected[]): void {
  parentPort?.on('message', (job: BodyJob) => {
    parentPort!.postMessage(answer(job, types));
  });
}

function answer(job: BodyJob, types: readonly Expected[]): BodyResult | { readonly fault: string } {
  try {
    const expected = types.find(isType(job.expected));
    if (!expected) throw new Error(`the thread knows no ${job.expected.kind}`);
    return runBodyJob(job, expected);
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
