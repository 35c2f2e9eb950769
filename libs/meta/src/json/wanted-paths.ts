import { MOST_PATH_LETTERS } from '../schema-place.ts';

/** A path as far as something that is looked for begins with it. */
export interface Prefix {
  /** Those that do, side by side in their order. */
  readonly from: number;
  readonly to: number;
  readonly letters: number;
}

/** What a path that is cut ends with. */
const CUT = 0x2026;

/**
 * Finds where in a text certain paths are met, told as `pathOf` tells them. A path is never made for that: each step of it is compared with what
 * is left to look for, so that all steps together cost no more than the text has letters.
 */
export class WantedPaths {
  /** Where each was met first. */
  readonly places = new Map<string, number>();
  readonly #sorted: readonly string[];

  constructor(paths: Iterable<string>) {
    this.#sorted = [...new Set(paths)].sort();
  }

  /** What there is to look for in all. */
  get root(): Prefix | undefined {
    return this.#sorted.length === 0 ? undefined : { from: 0, to: this.#sorted.length, letters: 0 };
  }

  /** Undefined where nothing that is looked for is there or below. */
  key(parent: Prefix, key: string, at: number): Prefix | undefined {
    const prefix = this.#below(parent, parent.letters === 0 ? key : `.${key}`);
    if (!prefix) return undefined;
    const first = this.#sorted[prefix.from]!;
    const isWhole = first.length === Math.min(prefix.letters, MOST_PATH_LETTERS + 1);
    if (isWhole && !this.places.has(first)) this.places.set(first, at);
    return prefix;
  }

  item(parent: Prefix, index: number): Prefix | undefined {
    return this.#below(parent, `[${index}]`);
  }

  #below({ from, to, letters }: Prefix, step: string): Prefix | undefined {
    const order = (i: number): number => orderAfter(this.#sorted[i]!, letters, step);
    const begin = firstWhere(from, to, (i) => order(i) >= 0);
    if (begin === to || order(begin) > 0) return undefined;
    const end = firstWhere(begin + 1, to, (i) => order(i) > 0);
    return { from: begin, to: end, letters: letters + step.length };
  }
}

/** Whether a text goes on after so many letters with what comes before the step, with the step (0), or with what comes after it. */
function orderAfter(text: string, letters: number, step: string): number {
  const compared = Math.min(step.length, MOST_PATH_LETTERS + 1 - letters);
  for (let i = 0; i < compared; i++) {
    const at = letters + i;
    if (at >= text.length) return -1;
    const letter = at < MOST_PATH_LETTERS ? step.charCodeAt(i) : CUT;
    const order = text.charCodeAt(at) - letter;
    if (order !== 0) return order;
  }
  return 0;
}

/** Of a row in which it is false first and true from then on; `to` where it is true of none. */
function firstWhere(from: number, to: number, is: (i: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
