import { parentPort } from 'node:worker_threads';
import type { ResourceDefinition } from '@kubernest/kinds';
import { type BodyJob, type BodyResult, type ExpectedName, isType, runBodyJob } from './body-job.ts';
import type { BodyQuestion, BodyReply } from './body-thread.ts';
import { type JudgeJob, type Judgement, runJudgeJob } from './judge-job.ts';

/** What a program does that is started as the thread for large bodies: answers jobs in their order. `types`: the definitions of the API server, too. */
export function runBodyWorker(types: readonly ResourceDefinition[]): void {
  parentPort?.on('message', (question: BodyQuestion) => {
    parentPort!.postMessage({ number: question.number, answer: answer(question, types) } satisfies BodyReply);
  });
}

function answer(question: BodyQuestion, types: readonly ResourceDefinition[]): BodyReply['answer'] {
  try {
    return question.task === 'read' ? read(question.job, types) : judge(question.job, types);
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const read = (job: BodyJob, types: readonly ResourceDefinition[]): BodyResult =>
  runBodyJob(job, job.unknownType ?? known(job.expected, types));

const judge = (job: JudgeJob, types: readonly ResourceDefinition[]): Judgement =>
  runJudgeJob(job, known(job.expected, types));

function known(expected: ExpectedName, types: readonly ResourceDefinition[]): ResourceDefinition {
  const type = types.find(isType(expected));
  if (!type) throw new Error(`the thread knows no ${expected.kind}`);
  return type;
}
