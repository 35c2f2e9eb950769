// A judge that shares no code with any store: it knows only what writers were told and what watchers were shown.

/** `null` stands for a deletion. */
type Value = string | null;

export interface Attempt {
  readonly key: string;
  /** Unique to the attempt, unless it is a deletion. */
  readonly value: Value;
  /** The revision that the key had to have. */
  readonly expected: number;
  /** What the writer was told; undefined: it never heard. */
  readonly acknowledged: number | 'refused' | undefined;
}

export interface SeenEvent {
  readonly key: string;
  readonly value: Value;
  readonly revision: number;
}

export interface History {
  readonly attempts: readonly Attempt[];
  /** What one watcher saw, in its order, from before the first attempt. */
  readonly events: readonly SeenEvent[];
  /** What a list gave at the end. */
  readonly final: ReadonlyMap<string, { readonly value: string; readonly revision: number }>;
}

/** Every way in which the store broke its word; empty when it kept it. */
export function faultsIn(history: History): string[] {
  return [...orderFaults(history), ...writeFaults(history), ...compareFaults(history), ...finalFaults(history)];
}

const idOf = (key: string, revision: number) => `${key}@${revision}`;

function orderFaults({ events }: History): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  let last = 0;
  for (const { key, revision } of events) {
    const id = idOf(key, revision);
    if (seen.has(id)) faults.push(`event ${id} came twice`);
    else if (revision < last) faults.push(`event ${id} came after revision ${last}`);
    seen.add(id);
    last = Math.max(last, revision);
  }
  return faults;
}

function writeFaults({ attempts, events }: History): string[] {
  const faults: string[] = [];
  const shown = new Map(events.map((event) => [idOf(event.key, event.revision), event.value]));
  const acknowledged = new Set<string>();
  for (const { key, value, acknowledged: revision } of attempts) {
    if (typeof revision !== 'number') continue;
    const id = idOf(key, revision);
    if (acknowledged.has(id)) faults.push(`two writes were told ${id}`);
    acknowledged.add(id);
    if (!shown.has(id)) faults.push(`acknowledged write ${id} was lost`);
    else if (shown.get(id) !== value) faults.push(`${id} shows ${shown.get(id)}, not ${value}`);
  }
  const byValue = new Map(attempts.map((attempt) => [attempt.value, attempt]));
  const written = new Set<string>();
  for (const { key, value, revision } of events) {
    if (value === null) continue;
    const attempt = byValue.get(value);
    if (attempt?.key !== key) faults.push(`nobody wrote ${value} to ${idOf(key, revision)}`);
    else if (attempt.acknowledged === 'refused')
      faults.push(`refused write ${value} shows up as ${idOf(key, revision)}`);
    if (written.has(value)) faults.push(`write ${value} happened twice`);
    written.add(value);
  }
  return faults;
}

/** Each write must have followed exactly the revision that its writer compared with. */
function compareFaults({ attempts, events }: History): string[] {
  const faults: string[] = [];
  const present = new Map<string, number>();
  const byValue = new Map(attempts.map((attempt) => [attempt.value, attempt]));
  for (const { key, value, revision } of events) {
    const before = present.get(key) ?? 0;
    const expected = value === null ? undefined : byValue.get(value)?.expected;
    if (expected !== undefined && expected !== before)
      faults.push(`${idOf(key, revision)} compared with ${expected} but replaced ${before}`);
    present.set(key, value === null ? 0 : revision);
  }
  return faults;
}

function finalFaults({ events, final }: History): string[] {
  const replayed = new Map<string, string>();
  for (const { key, value, revision } of events) {
    if (value === null) replayed.delete(key);
    else replayed.set(key, `${value}@${revision}`);
  }
  const faults: string[] = [];
  for (const key of new Set([...replayed.keys(), ...final.keys()])) {
    const entry = final.get(key);
    const listed = entry && `${entry.value}@${entry.revision}`;
    if (listed !== replayed.get(key)) faults.push(`${key} is ${listed} but its events end in ${replayed.get(key)}`);
  }
  return faults;
}
