import type { Node } from '@kubernest/api-types/core/v1';
import type { Client } from '@kubernest/client';
import { type Context, childContext, isAborted, type Milliseconds } from '@kubernest/kit';
import type { ClusterDir } from './cluster-dir.ts';
import { type NodeStart, wordOf } from './start-node.ts';
import { slowStart } from './supervisor.ts';

/** What is still in the way is told again. */
const tellAgainEvery: Milliseconds = 30_000;
/** A node that is not Ready by then does not become it without help. */
const longestStart: Milliseconds = 180_000;

export interface Waiting {
  readonly dir: ClusterDir;
  readonly client: Client;
  readonly start: NodeStart;
  readonly say: (line: string) => void;
}

/** Resolves at the first node of this start that is Ready, says what is in the way when that takes long, and rejects with it when it takes too long. */
export async function whenNodeReady({ dir, client, start, say }: Waiting, ctx: Context): Promise<void> {
  let why = 'it has not reported yet';
  const log = `its log is ${dir.logFile('agent')}`;
  const { ctx: waiting, controller } = childContext(ctx);
  const onWord = (word: string): void => {
    why = word;
  };
  const giveUp = async (): Promise<never> => {
    const ends = ctx.clock.monotonic() + longestStart;
    for (let pause = slowStart; ctx.clock.monotonic() + pause < ends; pause = tellAgainEvery) {
      await ctx.clock.sleep(pause, waiting.signal);
      say(`the node is not Ready yet: ${why}; ${log}`);
    }
    await ctx.clock.sleep(ends - ctx.clock.monotonic(), waiting.signal);
    throw new Error(`the node did not become Ready within ${longestStart / 60_000} minutes: ${why}; ${log}`);
  };
  try {
    await Promise.race([watchUntilReady({ client, start, onWord }, waiting), giveUp()]);
  } finally {
    controller.abort();
  }
}

interface Watching {
  readonly client: Client;
  readonly start: NodeStart;
  readonly onWord: (word: string) => void;
}

/** Hangs on a watch, which begins with the nodes that are there. */
async function watchUntilReady({ client, start, onWord }: Watching, ctx: Context): Promise<void> {
  const nodes = client.resource<Node>({ group: '', version: 'v1', resource: 'nodes' });
  for (;;) {
    const { ctx: watching, controller } = childContext(ctx);
    let found = false;
    const watch = nodes.watch(
      { resourceVersion: '0' },
      ({ type, object }) => {
        if (type !== 'ADDED' && type !== 'MODIFIED') return;
        const word = wordOf(object, start);
        if (word?.ready) {
          found = true;
          controller.abort();
        } else if (word?.why) onWord(word.why);
      },
      watching,
    );
    await watch.catch((error: unknown) => {
      if (!isAborted(error)) ctx.log.debug('watching nodes ended', { error });
    });
    if (found) return;
    ctx.signal.throwIfAborted();
    await ctx.clock.sleep(200, ctx.signal);
  }
}
