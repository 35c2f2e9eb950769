/** As many of one lane at once. */
const AT_ONCE = 32;

interface Lane {
  running: number;
  readonly waiting: (() => Promise<void>)[];
}

/** Begins what takes a while, in each lane no more than some at once; the others in their order, as those before them end. */
export class FirstLists {
  readonly #lanes = new Map<string, Lane>();

  /** `begin` never rejects. */
  enter(lane: string, begin: () => Promise<void>): void {
    this.#lanes.getOrInsertComputed(lane, () => ({ running: 0, waiting: [] })).waiting.push(begin);
    this.#go(lane);
  }

  #go(name: string): void {
    const lane = this.#lanes.get(name)!;
    while (lane.running < AT_ONCE && lane.waiting.length > 0) {
      lane.running++;
      void lane.waiting.shift()!().then(() => {
        lane.running--;
        this.#go(name);
      });
    }
    if (lane.running === 0) this.#lanes.delete(name);
  }
}
