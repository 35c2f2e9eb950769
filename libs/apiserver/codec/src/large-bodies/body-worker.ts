import { parentPort } from 'node:worker_threads';
import type { Expected } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { type BodyTask, isType, runBodyTask } from './body-task.ts';
import type { BodyQuestion, BodyReply } from './body-thread.ts';
import { type JudgeTask, runJudgeTask } from './judge-task.ts';
import { Sources } from './sources.ts';

/** All versions of a kind that somebody declared, from `CustomSchema.source.data`. */
export type Define = (data: unknown) => readonly ResourceDefinition[];

/**
 * What a program does that is started as the thread for large bodies: answers tasks in their order. `types`: the definitions of the API
 * server, too. Without `define` nothing can be declared.
 */
export function runBodyWorker(types: readonly ResourceDefinition[], define?: Define): void {
  const known = new KnownTypes(types, define);
  parentPort?.on('message', (question: BodyQuestion) => {
    parentPort!.postMessage({ number: question.number, answer: answer(question, known) } satisfies BodyReply);
  });
}

function answer(question: BodyQuestion, known: KnownTypes): BodyReply['answer'] {
  try {
    if (question.sort === 'judge') return runJudgeTask(question.task, known.of(question.task));
    return runBodyTask(question.task, question.task.unknownType ?? known.of(question.task));
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

class KnownTypes {
  readonly #declared = new Sources<readonly ResourceDefinition[]>();

  constructor(
    private readonly types: readonly ResourceDefinition[],
    private readonly define: Define | undefined,
  ) {}

  of({ expected, source }: Pick<BodyTask | JudgeTask, 'expected' | 'source'>): ResourceDefinition & Expected {
    const types = source ? this.#made(source) : this.types;
    const type = types.find(isType(expected));
    if (!type) throw new Error(`the thread knows no ${expected.kind}`);
    return type;
  }

  #made({ id, data }: NonNullable<BodyTask['source']>): readonly ResourceDefinition[] {
    if (data !== undefined) this.#declared.add(id, this.define?.(data) ?? []);
    return this.#declared.get(id) ?? [];
  }
}
