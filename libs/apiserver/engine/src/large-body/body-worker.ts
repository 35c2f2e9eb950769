import { parentPort } from 'node:worker_threads';
import type { Expected } from '../contract/index.ts';
import { type BodyJob, isType, runBodyJob } from './body-job.ts';
import type { BodyQuestion, BodyReply } from './body-thread.ts';

/** What a program does that is started as the thread for large bodies: answers jobs in their order. `types`: the definitions of the API server, too. */
export function runBodyWorker(types: readonly Expected[]): void {
  parentPort?.on('message', ({ number, job }: BodyQuestion) => {
    parentPort!.postMessage({ number, answer: answer(job, types) } satisfies BodyReply);
  });
}

function answer(job: BodyJob, types: readonly Expected[]): BodyReply['answer'] {
  try {
    const expected = job.unknownType ?? types.find(isType(job.expected));
    if (!expected) throw new Error(`the thread knows no ${job.expected.kind}`);
    return runBodyJob(job, expected);
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
