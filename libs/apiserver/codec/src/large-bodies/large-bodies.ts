import { setImmediate as breathe } from 'node:timers/promises';
import type { Expected, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type KubeObject, parseJsonInSteps } from '@kubernest/meta';
import { paced } from '../pace.ts';
import { type BodyResult, type BodyTask, runBodyTask } from './body-task.ts';
import { refusalError } from './refusal.ts';
import type { ThreadTasks } from './thread-tasks.ts';

export interface Asking {
  readonly user: UserInfo;
  readonly expected: Expected;
  /** Gets warnings for the client. */
  readonly warn: (text: string) => void;
}

/** Makes objects of large bodies without keeping the event loop: on the thread, where there is one that knows their type, else here, in steps. */
export class LargeBodies {
  constructor(private readonly tasks: ThreadTasks) {}

  /** Throws what `decode` and `conform` would, and what `ThreadTasks` does. */
  async object(order: Omit<BodyTask, 'expected'>, { user, expected, warn }: Asking, ctx: Context): Promise<KubeObject> {
    const { group, version, kind, alsoAs } = expected;
    const name = { group, version, kind, ...(alsoAs && { alsoAs }) };
    const result = await this.#result({ ...order, expected: name }, { user, expected }, ctx);
    if (!result.ok) throw refusalError(result);
    for (const text of result.warnings) warn(text);
    return (await paced(parseJsonInSteps(Buffer.from(result.json).toString()))) as unknown as KubeObject;
  }

  async #result(
    task: BodyTask,
    { user, expected }: Pick<Asking, 'user' | 'expected'>,
    ctx: Context,
  ): Promise<BodyResult> {
    const source = expected.customSchema?.source;
    if (this.tasks.isThread && (source || this.tasks.knows(expected)))
      return this.#onThread({ ...task, source }, user, ctx);
    await breathe();
    ctx.signal.throwIfAborted();
    return paced(runBodyTask(task, expected));
  }

  #onThread(task: BodyTask, { username }: UserInfo, ctx: Context): Promise<BodyResult> {
    return this.tasks.run('read', task, {
      user: username,
      bytes: task.bytes.length + (task.patch?.base?.length ?? 0),
      ctx,
    });
  }
}
