import { setImmediate as breathe } from 'node:timers/promises';
import { TURN_MS, turnsOfTheProcess } from './turns.ts';

/**
 * Something long, done in steps of which each takes a fraction of a millisecond, so that whoever runs it may let others have their turn.
 */
export type Steps<T> = Generator<void, T>;

/** All steps without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Whether what is paced in the present turn has taken long enough of it. */
export const isTurnOver = (): boolean => turnsOfTheProcess.isOver();

/**
 * Those for whom there was no room in the turn, in two lines, of each first come, first served. What has been at it for long stands in the
 * second: a small write, as a leader's of its Lease, would else wait for a step of every large answer before each of its own.
 */
const waiting = { short: [] as (() => void)[], long: [] as (() => void)[] };
type Line = keyof typeof waiting;
let isServing = false;

const isAnyWaiting = (): boolean => waiting.short.length > 0 || waiting.long.length > 0;

/** Whether who would go on now has to let others go first. */
export const isOthersTurn = (): boolean => isAnyWaiting() || isTurnOver();

/** Resolves once it is the caller's turn, for one step. To be awaited as it is: what is done then must have begun by the next microtask. */
export function ownTurn(line: Line): Promise<void> {
  return new Promise((begin) => {
    waiting[line].push(begin);
    if (!isServing) void serve();
  });
}

/** So often a piece of work waits in the first line. */
const SHORT_WAITS = 8;

/** The line of who has waited so often. */
export const lineAfter = (waits: number): Line => (waits < SHORT_WAITS ? 'short' : 'long');

/** In one turn the first line goes first, in the next the second. One goes in each, however late: others may have used the turn up before. */
async function serve(): Promise<void> {
  isServing = true;
  await breathe();
  let first: Line = 'short';
  let isNewTurn = true;
  while (isAnyWaiting()) {
    // Asked before the step, whose time is part of the turn.
    const isOver = isTurnOver();
    if (isOver && !isNewTurn) {
      first = first === 'short' ? 'long' : 'short';
      isNewTurn = true;
      await breathe();
      continue;
    }
    isNewTurn = false;
    const second: Line = first === 'short' ? 'long' : 'short';
    waiting[waiting[first].length > 0 ? first : second].shift()!();
    // It takes its step meanwhile, and may be back in line.
    await undefined;
  }
  isServing = false;
}

/** All steps, with a turn for others every few milliseconds. Many at once take no more of a turn than one does, step by step in turn. */
export async function paced<T>(steps: Steps<T>): Promise<T> {
  let waits = 0;
  if (isOthersTurn()) await ownTurn(lineAfter(waits++));
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (isOthersTurn()) await ownTurn(lineAfter(waits++));
  }
}

/** So many steps are few: together they take a millisecond or two, unless one of them is long. */
const FEW_STEPS = 32;

/** All steps at once where they are few, as of most they are; else what is waited for. */
export function promptly<T>(steps: Steps<T>): T | Promise<T> {
  let ends: number | undefined;
  for (let taken = 0; taken < FEW_STEPS; taken++) {
    const { done, value } = steps.next();
    if (done) return value;
    // Most are done by now, and look at no clock.
    if (taken < 2) continue;
    ends ??= performance.now() + TURN_MS;
    if (performance.now() > ends) break;
  }
  return paced(steps);
}

const ENTRIES_A_STEP = 256;

/** Where in a loop over many entries a step ends. */
export class Rests {
  #entries = 0;

  isDue(): boolean {
    return ++this.#entries % ENTRIES_A_STEP === 0;
  }
}
