import { parentPort } from 'node:worker_threads';
import type { Expected } from '@kubernest/apiserver/contract';
import type { BodyType, ResourceDefinition } from '@kubernest/definitions';
import { atOnce } from '@kubernest/meta';
import { type BodyTask, type ExpectedName, isType, runBodyTask } from './body-task.ts';
import type { BodyQuestion, BodyReply } from './body-thread.ts';
import { type JudgeTask, runJudgeTask } from './judge-task.ts';
import { Sources } from './sources.ts';

/** All versions of a kind that somebody declared, from `CustomSchema.source.data`. */
export type Define = (data: unknown) => readonly ResourceDefinition[];

/** What the API server serves without being told of it. */
export interface BuiltinTypes {
  readonly kinds: readonly ResourceDefinition[];
  /** What is sent to subresources, and with a deletion. */
  readonly bodies: readonly BodyType[];
}

/** What a program does that is started as the thread for large bodies: answers tasks in their order. Without `define` nothing can be declared. */
export function runBodyWorker(types: BuiltinTypes, define?: Define): void {
  const known = new KnownTypes(types, define);
  parentPort?.on('message', (question: BodyQuestion) => {
    parentPort!.postMessage({ number: question.number, answer: answer(question, known) } satisfies BodyReply);
  });
}

function answer(question: BodyQuestion, known: KnownTypes): BodyReply['answer'] {
  try {
    if (question.sort === 'judge') return runJudgeTask(question.task, known.kind(question.task));
    return atOnce(runBodyTask(question.task, known.type(question.task)));
  } catch (error) {
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

class KnownTypes {
  readonly #declared = new Sources<readonly ResourceDefinition[]>();

  constructor(
    private readonly builtin: BuiltinTypes,
    private readonly define: Define | undefined,
  ) {}

  kind({ expected, source }: Pick<BodyTask | JudgeTask, 'expected' | 'source'>): ResourceDefinition {
    return one(source ? this.#made(source) : this.builtin.kinds, expected);
  }

  type({ expected, source }: BodyTask): Expected {
    const body = source ? undefined : this.builtin.bodies.find(isType(expected));
    return body ?? this.kind({ expected, source });
  }

  #made({ id, data }: NonNullable<BodyTask['source']>): readonly ResourceDefinition[] {
    if (data !== undefined) this.#declared.add(id, this.define?.(data) ?? []);
    return this.#declared.get(id) ?? [];
  }
}

function one(kinds: readonly ResourceDefinition[], name: ExpectedName): ResourceDefinition {
  const found = kinds.find(isType(name));
  if (!found) throw new Error(`the thread knows no ${name.kind}`);
  return found;
}
