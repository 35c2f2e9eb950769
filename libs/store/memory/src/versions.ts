import { compareKeys, type Entry, type StoreEvent, type Write } from '@kubernest/store/contract';

/** One state of a key; without `entry` it is a deletion. */
interface Version {
  readonly revision: number;
  readonly entry: Entry | undefined;
}

interface LoggedChange {
  readonly revision: number;
  readonly events: readonly StoreEvent[];
}

/** Every version of every key above the compacted revision, and the log that made them. No locks: one thread, no awaits. */
export class Versions {
  revision = 1;
  compacted = 0;
  readonly #versions = new Map<string, Version[]>();
  #log: LoggedChange[] = [];

  at(key: string, revision: number = this.revision): Entry | undefined {
    return this.#versions.get(key)?.findLast((version) => version.revision <= revision)?.entry;
  }

  /** What matches at a revision, in the order of the bytes. */
  between(start: string, end: string | undefined, revision: number): Entry[] {
    const entries: Entry[] = [];
    for (const key of this.#versions.keys()) {
      if (compareKeys(key, start) < 0 || (end !== undefined && compareKeys(key, end) >= 0)) continue;
      const entry = this.at(key, revision);
      if (entry) entries.push(entry);
    }
    return entries.sort((a, b) => compareKeys(a.key, b.key));
  }

  apply(writes: readonly Write[]): readonly StoreEvent[] {
    const revision = this.revision + 1;
    const events = writes.flatMap((write): StoreEvent[] => {
      const before = this.at(write.key);
      if (write.op === 'delete') return before ? [{ type: 'delete', key: write.key, revision }] : [];
      const { value } = write;
      return [
        { type: 'put', entry: { key: write.key, value, revision, createRevision: before?.createRevision ?? revision } },
      ];
    });
    if (events.length === 0) return events;
    this.revision = revision;
    this.#log.push({ revision, events });
    for (const event of events) {
      const key = event.type === 'put' ? event.entry.key : event.key;
      const version = { revision, entry: event.type === 'put' ? event.entry : undefined };
      const versions = this.#versions.get(key);
      if (versions) versions.push(version);
      else this.#versions.set(key, [version]);
    }
    return events;
  }

  after(revision: number): StoreEvent[] {
    return this.#log.filter((change) => change.revision > revision).flatMap((change) => change.events);
  }

  compact(revision: number): void {
    if (revision <= this.compacted) return;
    this.compacted = Math.min(revision, this.revision);
    this.#log = this.#log.filter((change) => change.revision > this.compacted);
    for (const [key, versions] of this.#versions) {
      const newest = versions.findLastIndex((version) => version.revision <= this.compacted);
      if (newest < 0) continue;
      const kept = versions.slice(versions[newest]?.entry ? newest : newest + 1);
      if (kept.length > 0) this.#versions.set(key, kept);
      else this.#versions.delete(key);
    }
  }

  bytes(): number {
    let bytes = 0;
    for (const [key, versions] of this.#versions)
      for (const { entry } of versions) bytes += key.length + (entry?.value.byteLength ?? 0);
    return bytes;
  }
}
