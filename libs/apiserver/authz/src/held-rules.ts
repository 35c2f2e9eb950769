import type { PolicyRule } from '@kubernest/apiserver/contract';

/** Undefined: whatever its name. */
export type Value = string | undefined;
/** What a rule names in one dimension. */
type Side = ReadonlySet<Value> | 'all';
/** A held rule as one box: what it names in each dimension. */
export type Box = readonly Side[];
/** The values wanted in each dimension. */
export type Wanted = readonly (readonly Value[])[];

interface Dimension {
  side(rule: PolicyRule): Side;
  wanted(rule: PolicyRule): readonly Value[];
  /** As what a held rule may name the value. */
  keys(value: Value): readonly Value[];
}

/** Values that the same held rules name: they are decided together. */
export interface ValueClass {
  readonly values: readonly Value[];
  readonly boxes: readonly Box[];
}

/** What is held, laid out so that a wanted rule looks only at held rules that name something of it. */
export class HeldRules {
  readonly #all: Box[][];
  readonly #byKey: Map<Value, Box[]>[];

  constructor(private readonly dimensions: readonly Dimension[]) {
    this.#all = dimensions.map(() => []);
    this.#byKey = dimensions.map(() => new Map());
  }

  /** Costs what the rule names. */
  add(rule: PolicyRule): void {
    const box = this.dimensions.map((dimension) => dimension.side(rule));
    if (box.some((side) => side !== 'all' && side.size === 0)) return;
    for (const [i, side] of box.entries()) {
      if (side === 'all') this.#all[i]!.push(box);
      else for (const key of side) append(this.#byKey[i]!, key, box);
    }
  }

  wanted(rule: PolicyRule): Wanted {
    return this.dimensions.map((dimension) => [...new Set(dimension.wanted(rule))]);
  }

  /** All that may cover a part: found by the dimension that leaves the fewest. */
  candidates(wanted: Wanted): ReadonlySet<Box> {
    const lists = wanted.map((values, i) => [
      this.#all[i]!,
      ...values.flatMap((value) => this.dimensions[i]!.keys(value).flatMap((key) => [this.#byKey[i]!.get(key) ?? []])),
    ]);
    const counts = lists.map((each) => each.reduce((sum, list) => sum + list.length, 0));
    const fewest = lists[counts.indexOf(Math.min(...counts))]!;
    return new Set(fewest.flat());
  }

  /** The values of one dimension, by which of the boxes name them. Yields for each piece of work. */
  *classes(i: number, values: readonly Value[], boxes: readonly Box[]): Generator<undefined, readonly ValueClass[]> {
    const valuesOf = new Map<Value, Value[]>();
    for (const value of values) {
      for (const key of new Set(this.dimensions[i]!.keys(value))) {
        append(valuesOf, key, value);
        yield;
      }
    }
    const always: Box[] = [];
    const named = new Map<Value, Set<number>>();
    for (const [n, box] of boxes.entries()) {
      const side = box[i]!;
      yield;
      if (side === 'all') {
        always.push(box);
        continue;
      }
      for (const key of side.size < valuesOf.size ? side : valuesOf.keys()) {
        yield;
        if (!side.has(key)) continue;
        for (const value of valuesOf.get(key) ?? []) {
          yield;
          (named.get(value) ?? setIn(named, value)).add(n);
        }
      }
    }
    const bySignature = new Map<string, { values: Value[]; boxes: readonly Box[] }>();
    for (const value of values) {
      const numbers = [...(named.get(value) ?? [])];
      for (const _ of numbers) yield;
      const signature = numbers.join();
      const same = bySignature.get(signature);
      if (same) same.values.push(value);
      else bySignature.set(signature, { values: [value], boxes: [...always, ...numbers.map((n) => boxes[n]!)] });
    }
    return [...bySignature.values()];
  }
}

export function heldResources(): HeldRules {
  return new HeldRules([
    dimension((rule) => rule.apiGroups),
    // `*/scale` names every resource's.
    dimension(
      (rule) => rule.resources,
      (value) => {
        const slash = value!.indexOf('/');
        return slash < 0 ? [value] : [value, `*${value!.slice(slash)}`];
      },
    ),
    {
      side: ({ resourceNames }) => (resourceNames?.length ? new Set(resourceNames) : 'all'),
      wanted: ({ resourceNames }) => (resourceNames?.length ? resourceNames : [undefined]),
      keys: (value) => (value === undefined ? [] : [value]),
    },
    dimension((rule) => rule.verbs),
  ]);
}

export function heldUrls(held: readonly PolicyRule[]): HeldRules {
  const prefixes = new Set<number>();
  for (const { nonResourceURLs } of held)
    for (const url of nonResourceURLs ?? []) if (url.endsWith('*')) prefixes.add(url.length - 1);
  const keys = (value: Value) => [
    value,
    ...[...prefixes].filter((length) => length <= value!.length).map((length) => `${value!.slice(0, length)}*`),
  ];
  return new HeldRules([dimension((rule) => rule.nonResourceURLs, keys), dimension((rule) => rule.verbs)]);
}

const dimension = (
  named: (rule: PolicyRule) => readonly string[] | undefined,
  keys: Dimension['keys'] = (value) => [value],
): Dimension => ({
  side: (rule) => (named(rule)?.includes('*') ? 'all' : new Set(named(rule))),
  wanted: (rule) => named(rule) ?? [],
  keys,
});

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function setIn(map: Map<Value, Set<number>>, key: Value): Set<number> {
  const set = new Set<number>();
  map.set(key, set);
  return set;
}
