import { matchedLines } from './matched-lines.ts';

/** What a writer of YAML has made of a text, before and after a change of what it says. */
export interface Written {
  readonly before: string;
  readonly after: string;
}

/**
 * The text with that change and nothing else: a line that says what it said stays as somebody has written it, blanks and all. What the writer
 * makes of it where too much differs, or where the change lies within lines that it puts together otherwise.
 */
export function withKeptLines(text: string, { before, after }: Written): string {
  const [own, old, fresh] = [text, before, after].map((whole) => whole.split('\n')) as [string[], string[], string[]];
  const toOwn = matchedLines(old.map(withoutBlanks), own.map(withoutBlanks));
  const toFresh = matchedLines(old, fresh);
  if (!toOwn || !toFresh) return after;
  const lines: string[] = [];
  let ownAt = 0;
  for (const change of changesOf(toFresh, fresh)) {
    const place = placeIn({ own, toOwn }, change);
    if (!place) return after;
    lines.push(...own.slice(ownAt, place.begin), ...change.lines);
    ownAt = place.end;
  }
  return [...lines, ...own.slice(ownAt)].join('\n');
}

/** Old lines from `begin` up to `end`, and what takes their place. */
interface Change {
  readonly begin: number;
  readonly end: number;
  readonly lines: readonly string[];
}

function changesOf(toFresh: readonly number[], fresh: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let [begin, freshAt] = [0, 0];
  for (const [end, freshEnd] of [...toFresh, fresh.length].entries()) {
    if (freshEnd < 0) continue;
    if (end > begin || freshEnd > freshAt) changes.push({ begin, end, lines: fresh.slice(freshAt, freshEnd) });
    [begin, freshAt] = [end + 1, freshEnd + 1];
  }
  return changes;
}

interface OwnLines {
  readonly own: readonly string[];
  readonly toOwn: readonly number[];
}

/** Undefined where nothing tells it. */
function placeIn({ own, toOwn }: OwnLines, { begin, end }: Change): Pick<Change, 'begin' | 'end'> | undefined {
  const at = (line: number): number => (line < 0 ? -1 : (toOwn[line] ?? own.length));
  if (begin === end) {
    if (begin === 0) return { begin: 0, end: 0 };
    const place = at(begin - 1) >= 0 ? at(begin - 1) + 1 : at(begin);
    return place < 0 ? undefined : { begin: place, end: place };
  }
  const first = at(begin) >= 0 ? at(begin) : begin === 0 ? 0 : at(begin - 1) + 1;
  const last = at(end - 1) >= 0 ? at(end - 1) + 1 : at(end);
  const isKnown = last >= first && (at(begin) >= 0 || begin === 0 || at(begin - 1) >= 0);
  return isKnown ? { begin: first, end: last } : undefined;
}

const withoutBlanks = (line: string): string => line.replace(/\s+/g, '');
