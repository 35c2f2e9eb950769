import { createHash } from 'node:crypto';

/** What `work` took in the middle while the tests with real parts ran, two files at a time, on the machine whose times the budgets hold. */
const referenceMilliseconds = 25;
const everyMilliseconds = 10_000;

/** A fixed piece of work that needs the processor and nothing else. */
function work(): number {
  const begun = performance.now();
  let bytes = Buffer.alloc(4096, 1);
  for (let i = 0; i < 4000; i++) bytes = Buffer.concat([createHash('sha256').update(bytes).digest(), bytes], 4096);
  return performance.now() - begun;
}

export interface Speed extends Disposable {
  /** How many times as slow as the reference this machine was since then; the middle of many samples. */
  slowness(): number;
}

/** Measures, every now and then, how much of a processor this process gets: a slow machine and a busy one look the same. */
export function measureSpeed(): Speed {
  const samples = [work()];
  const timer = setInterval(() => samples.push(work()), everyMilliseconds);
  return {
    slowness: () => samples.toSorted((a, b) => a - b)[samples.length >> 1]! / referenceMilliseconds,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
