import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Context, Milliseconds } from '@kubernest/kit';
import { ifThere } from '@kubernest/process';

const FIRST_DELAY: Milliseconds = 10_000;
const MAX_DELAY: Milliseconds = 300_000;

interface Suspect {
  readonly ends: number;
  readonly wait: Milliseconds;
  readonly until: number;
}

/** What is to be started was being started when an agent ended, and waits. */
export class SuspectStart extends Error {
  override readonly name = 'SuspectStart';
  constructor({ ends, wait }: Suspect) {
    const times = ends === 1 ? 'once' : `${ends} times`;
    super(`the agent of this node ended ${times} while it started this; it is tried again after ${wait / 1000} s`);
  }
}

/**
 * Notes on disk what is being started. What is found noted was being started when the agent before ended, and may have ended it: it waits,
 * longer each time, so that the node's other pods have an agent meanwhile.
 */
export class StartMarks {
  readonly #suspects = new Map<string, Suspect>();

  /** Does `start` with a note at `path`; throws `SuspectStart` while it has to wait. */
  async during<T>(path: string, start: () => Promise<T>, { clock }: Pick<Context, 'clock'>): Promise<T> {
    const now = +clock.now();
    const suspect = this.#suspects.get(path) ?? suspectOf(await endsNotedAt(path), now);
    if (suspect) this.#suspects.set(path, suspect);
    if (suspect && now < suspect.until) throw new SuspectStart(suspect);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, String((suspect?.ends ?? 0) + 1));
    try {
      return await start();
    } finally {
      // Whatever came of it, the agent is still there. Nobody who sees what was started finds it noted, so it is not waited for.
      rmSync(path, { force: true });
      this.#suspects.delete(path);
    }
  }
}

/** 0 where there is none; of one that was cut off nothing is known but that it is there. */
async function endsNotedAt(path: string): Promise<number> {
  const text = await ifThere(readFile(path, 'utf8'));
  return text === undefined ? 0 : Number(text) || 1;
}

function suspectOf(ends: number, now: number): Suspect | undefined {
  if (ends === 0) return undefined;
  const wait = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** (ends - 1));
  return { ends, wait, until: now + wait };
}
