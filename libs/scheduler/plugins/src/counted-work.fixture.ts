/**
 * How much is done while `run` runs: entries of arrays, maps and sets that are gone through, looked up or put in, and properties read of
 * what was made with `watched`. Not time, so that it is the same on every machine.
 */
export function workOf(run: () => unknown): number {
  const undo = counters.map(([prototype, name]) => counting(prototype, name));
  work = 0;
  try {
    run();
    return work;
  } finally {
    for (const put of undo) put();
  }
}

let work = 0;

// biome-ignore lint/suspicious/noExplicitAny: any method of a prototype
type Method = (...args: any[]) => unknown;

const iteratorOf = (iterable: Iterable<unknown>): object => Object.getPrototypeOf(iterable[Symbol.iterator]());
const counters: readonly (readonly [object, string])[] = [
  ...['get', 'set', 'has'].map((name) => [Map.prototype, name] as const),
  ...['add', 'has'].map((name) => [Set.prototype, name] as const),
  ...[[], new Map(), new Set()].map((iterable) => [iteratorOf(iterable), 'next'] as const),
];

function counting(prototype: object, name: string): () => void {
  const methods = prototype as Record<string, Method>;
  const original = methods[name]!;
  methods[name] = function counted(this: unknown, ...args) {
    work++;
    return Reflect.apply(original, this, args);
  };
  return () => {
    methods[name] = original;
  };
}

/** The same object, which counts what is read of it, however deep. */
export function watched<T extends object>(object: T): T {
  const seen = new Map<string | symbol, unknown>();
  return new Proxy(object, {
    get(target, key, self) {
      work++;
      const value: unknown = Reflect.get(target, key, self);
      if (typeof value !== 'object' || value === null) return value;
      if (!seen.has(key)) seen.set(key, watched(value));
      return seen.get(key);
    },
    getOwnPropertyDescriptor(target, key) {
      work++;
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
}
