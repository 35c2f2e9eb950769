import { setImmediate as breathe } from 'node:timers/promises';
import type { PolicyRule } from '@kubernest/apiserver/contract';
import { type Box, type HeldRules, heldResources, heldUrls, type Value, type Wanted } from './held-rules.ts';

/** Others get their turn after this much work. */
const SLICE = 20_000;

/** Of the parts of `wanted` that nobody with `held` has. */
export interface MissingRules {
  /** Each is one verb on one resource (or URL), as refusals print them. */
  readonly rules: readonly PolicyRule[];
  /** There are others: nobody counted them. */
  readonly more: boolean;
}

/** All the parts that are missing, at once: for rules of our own. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const missing = new Map<string, PolicyRule>();
  for (const part of missingParts(held, wanted)) if (part) missing.set(describeRule(part), part);
  return [...missing.values()];
}

/** As many of the parts that are missing as one reads, with turns for others: for rules that anybody may have written. */
export async function firstUncovered(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
): Promise<MissingRules> {
  const missing = new Map<string, PolicyRule>();
  let [work, seen] = [0, 0];
  for (const part of missingParts(held, wanted)) {
    if (part && ++seen > most) return { rules: [...missing.values()], more: true };
    if (part) missing.set(describeRule(part), part);
    if (++work % SLICE !== 0) continue;
    await breathe();
    signal.throwIfAborted();
  }
  return { rules: [...missing.values()], more: false };
}

/** Yields what is missing, and undefined for each piece of work between. */
function* missingParts(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): Generator<PolicyRule | undefined> {
  const [resources, urls] = [heldResources(), heldUrls(held)];
  for (const rule of held) {
    resources.add(rule);
    urls.add(rule);
    for (let work = namedIn(rule); work >= 0; work--) yield;
  }
  for (const rule of wanted) {
    for (const [url, verb] of missingOf(urls, urls.wanted(rule)))
      yield url === undefined ? undefined : { verbs: [verb!], nonResourceURLs: [url] };
    for (const [group, resource, name, verb] of missingOf(resources, resources.wanted(rule))) {
      yield group === undefined
        ? undefined
        : {
            verbs: [verb!],
            apiGroups: [group],
            resources: [resource!],
            ...(name === undefined ? {} : { resourceNames: [name] }),
          };
    }
  }
}

const namedIn = ({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs }: PolicyRule) =>
  apiGroups.length + resources.length + resourceNames.length + nonResourceURLs.length + verbs.length;

const NOTHING: readonly Value[] = [];

/** Each missing combination of one value a dimension; an empty one for each piece of work between. */
function* missingOf(held: HeldRules, wanted: Wanted): Generator<readonly Value[]> {
  if (wanted.some((values) => values.length === 0)) return;
  const candidates = [...held.candidates(wanted)];
  yield* walk({ held, wanted, at: 0, boxes: candidates });
}

interface Walk {
  readonly held: HeldRules;
  /** Before `at`, values of one class in each dimension; all the boxes name them. */
  readonly wanted: Wanted;
  readonly at: number;
  readonly boxes: readonly Box[];
}

function* walk({ held, wanted, at, boxes }: Walk): Generator<readonly Value[]> {
  if (boxes.length === 0) return yield* combinations(wanted);
  for (const box of boxes) {
    yield NOTHING;
    if (box.every((side, i) => i < at || side === 'all')) return;
  }
  const classes = held.classes(at, wanted[at]!, boxes);
  let step = classes.next();
  for (; !step.done; step = classes.next()) yield NOTHING;
  for (const { values, boxes: left } of step.value)
    yield* walk({ held, wanted: wanted.with(at, values), at: at + 1, boxes: left });
}

function* combinations([values, ...others]: Wanted): Generator<readonly Value[]> {
  if (!values) return yield [];
  for (const value of values) for (const rest of combinations(others)) yield [value, ...rest];
}

/** Parts of one resource (and name) as one rule with all their verbs: the way refusals tell them. */
export function compact(parts: readonly PolicyRule[]): readonly PolicyRule[] {
  const bySubject = Map.groupBy(parts, (part) => JSON.stringify({ ...part, verbs: undefined }));
  return [...bySubject.values()].flatMap((same) =>
    same[0]!.nonResourceURLs ? same : [{ ...same[0]!, verbs: same.flatMap(({ verbs }) => verbs) }],
  );
}

/** As Kubernetes prints a rule in a refusal: `{APIGroups:["apps"], Resources:["deployments"], Verbs:["create"]}`. */
export function describeRule(rule: PolicyRule): string {
  const fields: [string, readonly string[] | undefined][] = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['ResourceNames', rule.resourceNames],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['Verbs', rule.verbs],
  ];
  const shown = fields.filter(([, values]) => values?.length);
  return `{${shown.map(([name, values]) => `${name}:[${values!.map((value) => JSON.stringify(value)).join(' ')}]`).join(', ')}}`;
}
