import { setImmediate as breathe } from 'node:timers/promises';
import type { Expected, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type KubeObject, parseJsonInSteps } from '@kubernest/meta';
import { paced } from '../pace.ts';
import { type BodyJob, type BodyResult, runBodyJob } from './body-job.ts';
import { refusalError } from './refusal.ts';
import type { ThreadJobs } from './thread-jobs.ts';

export interface Asking {
  readonly user: UserInfo;
  readonly expected: Expected;
  /** Gets warnings for the client. */
  readonly warn: (text: string) => void;
}

/** Makes objects of large bodies without keeping the event loop: on the thread, where there is one, else here, between other things. */
export class LargeBodies {
  constructor(private readonly jobs: ThreadJobs) {}

  /** Throws what `decode` and `conform` would, and what `ThreadJobs` does. */
  async object(order: Omit<BodyJob, 'expected'>, { user, expected, warn }: Asking, ctx: Context): Promise<KubeObject> {
    const { group, version, kind } = expected;
    const result = await this.#result({ ...order, expected: { group, version, kind } }, { user, expected }, ctx);
    if (!result.ok) throw refusalError(result);
    for (const text of result.warnings) warn(text);
    return (await paced(parseJsonInSteps(Buffer.from(result.json).toString()))) as unknown as KubeObject;
  }

  async #result(
    job: BodyJob,
    { user, expected }: Pick<Asking, 'user' | 'expected'>,
    ctx: Context,
  ): Promise<BodyResult> {
    if (this.jobs.isThread) {
      const { group, version, kind, schema, alsoAs, customSchema } = expected;
      if (customSchema) return this.#onThread({ ...job, source: customSchema.source }, user, ctx);
      const unknownType = { group, version, kind, schema, ...(alsoAs && { alsoAs }) };
      const sent = this.jobs.knows(expected) ? job : { ...job, unknownType };
      return this.#onThread(sent, user, ctx);
    }
    await breathe();
    ctx.signal.throwIfAborted();
    const result = runBodyJob(job, expected);
    await breathe();
    return result;
  }

  #onThread(job: BodyJob, { username }: UserInfo, ctx: Context): Promise<BodyResult> {
    return this.jobs.run('read', job, {
      user: username,
      bytes: job.bytes.length + (job.patch?.base?.length ?? 0),
      ctx,
    });
  }
}
