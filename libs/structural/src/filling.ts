import { clone, cloneInSteps, isScalar, type Json, jsonBytesInSteps, type Steps } from '@kubernest/meta';

/** How much an object may grow by its defaults: a short one may stand for a thousand times as much. */
export interface Growth {
  /** As JSON. */
  readonly mostBytes: number;
  /** The error of an object that would grow by more. Without it what is beyond stays absent. */
  refuse?(): Error;
}

export const unbounded: Growth = { mostBytes: Number.POSITIVE_INFINITY };

/** What is copied at once. */
const FEW_BYTES = 1024;
/** Quotes, a colon and a comma. */
const AROUND_KEY = 4;

/** Copies of defaults, as long as there is room for them. */
export class Filling {
  #room: number;

  constructor(private readonly growth: Growth) {
    this.#room = growth.mostBytes;
  }

  /** `key`: of what it becomes the member, if of any. Undefined where there is no room. */
  *copyOf(key: string, value: Json): Steps<Json | undefined> {
    const size = isScalar(value) ? textSize(value) : yield* sizeOf(value as object);
    this.#room -= key.length + AROUND_KEY + size;
    if (this.#room < 0) {
      if (this.growth.refuse) throw this.growth.refuse();
      return undefined;
    }
    return size <= FEW_BYTES ? clone(value) : yield* cloneInSteps(value);
  }
}

const textSize = (value: Json): number => (typeof value === 'string' ? value.length + 2 : 4);

const sizes = new WeakMap<object, number>();

/** Looked at once: defaults are frozen. */
function* sizeOf(value: object): Steps<number> {
  let size = sizes.get(value);
  if (size === undefined) {
    size = (yield* jsonBytesInSteps(value)).length;
    sizes.set(value, size);
  }
  return size;
}
