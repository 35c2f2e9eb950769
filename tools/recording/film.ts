import type { Take } from './take.ts';

/** Everything that a terminal shows from begin to end, one below the other, and where its cursor is when: what is behind it is not seen yet. */
export interface Film {
  readonly rows: readonly Row[];
  readonly moves: readonly Move[];
  /** Milliseconds. */
  readonly length: number;
}

export interface Row {
  readonly kind: 'command' | 'output';
  readonly text: string;
}

export interface Move {
  readonly at: number;
  readonly row: number;
  readonly column: number;
  /** Steps in which it goes on to the next move; it jumps there otherwise. */
  readonly steps?: number;
}

export const prompt = '$ ';
/** Milliseconds. Nobody wants to wait as long as the machine did. */
const pace = { beforeTyping: 400, perKey: 18, beforeEnter: 200, longestWait: 1200, toRead: 700, atTheEnd: 6000 };

export function filmOf(takes: readonly Take[], columns: number): Film {
  const rows: Row[] = [];
  const moves: Move[] = [];
  let now = 0;
  const moveTo = (row: number, column: number, steps?: number): void => {
    if (moves.at(-1)?.at === now) moves.pop();
    moves.push({ at: now, row, column, ...(steps && { steps }) });
  };
  for (const { command, lines } of takes) {
    const text = `${prompt}${command}`;
    if (text.length >= columns) throw new Error(`"${command}" is longer than a row of ${columns}`);
    moveTo(rows.length, prompt.length);
    now += pace.beforeTyping;
    moveTo(rows.length, prompt.length, command.length);
    now += command.length * pace.perKey;
    moveTo(rows.length, text.length);
    rows.push({ kind: 'command', text });
    now += pace.beforeEnter;
    moveTo(rows.length, 0);
    let last = 0;
    for (const line of lines) {
      now += Math.min(line.at - last, pace.longestWait);
      last = line.at;
      rows.push(...wrapped(line.text, columns).map((part) => ({ kind: 'output' as const, text: part })));
      moveTo(rows.length, 0);
    }
    now += pace.toRead;
  }
  rows.push({ kind: 'command', text: prompt.trimEnd() });
  moveTo(rows.length - 1, prompt.length);
  return { rows, moves, length: now + pace.atTheEnd };
}

function wrapped(text: string, columns: number): readonly string[] {
  const parts = text.match(new RegExp(`.{1,${columns}}`, 'gu'));
  return parts ?? [''];
}
