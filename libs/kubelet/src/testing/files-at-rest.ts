import { createHook } from 'node:async_hooks';
import { turnsTaken } from '@kubernest/kit';

/** What was asked of the machine's files by this thread, and is not answered. */
const asked = new Set<number>();
let waiting: (() => void)[] = [];

const answered = (id: number): void => {
  if (!asked.delete(id) || asked.size > 0) return;
  for (const goOn of waiting) goOn();
  waiting = [];
};

createHook({
  init(id, type) {
    if (/^FSREQ|^FILEHANDLECLOSEREQ/.test(type)) asked.add(id);
  },
  after: answered,
  destroy: answered,
  trackPromises: false,
}).enable();

/** Returns when nobody waits for a file or takes turns: what is not done now waits for time to pass. */
export async function filesAtRest(): Promise<void> {
  do {
    if (asked.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    await turnsTaken();
  } while (asked.size > 0);
}
