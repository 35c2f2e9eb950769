import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import type { ContainerState } from '@kubernest/runtime/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogOptions } from './log-lines.ts';
import { serveLog } from './serve-log.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

const all: LogOptions = {
  follow: false,
  timestamps: false,
  tailLines: undefined,
  sinceTime: undefined,
  limitBytes: undefined,
  stream: 'All',
};
const json = (log: string, stream = 'stdout', time = '2026-01-01T00:00:00Z') =>
  `${JSON.stringify({ log, stream, time })}\n`;
const lay = (text: string, name = 'x.log') => writeFileSync(join(dir, name), text);
const ended = { container: () => undefined, onContainerChange: () => () => {} };

async function serve(options: Partial<LogOptions>, out: Writable): Promise<void> {
  const state = { id: 'c', logPath: join(dir, 'x.log') } as ContainerState;
  await serveLog(state, { ...all, ...options }, ended, out, new AbortController().signal);
}

/** What a reader gets, and in how many pieces. */
async function read(options: Partial<LogOptions> = {}): Promise<{ text: string; pieces: number }> {
  const pieces: Buffer[] = [];
  await serve(
    options,
    new PassThrough().on('data', (piece: Buffer) => pieces.push(piece)),
  );
  return { text: Buffer.concat(pieces).toString(), pieces: pieces.length };
}

describe('a log', () => {
  it.each<[string, Partial<LogOptions>, string]>([
    ['whole', {}, 'one\ntwo\nthrée\nfour\n'],
    ['with times, one for each line', { timestamps: true }, expect.stringMatching(/^2026\S+ one\n2026\S+ two\n2026/)],
    ['of one stream', { stream: 'Stderr' }, 'two\n'],
    ['up to so many bytes', { limitBytes: 6 }, 'one\ntw'],
    ['its last lines, a long one in parts', { tailLines: 2 }, 'thrée\nfour\n'],
    ['more last lines than there are', { tailLines: 9 }, 'one\ntwo\nthrée\nfour\n'],
    ['no lines', { tailLines: 0 }, ''],
    ['the beginning of its last lines', { tailLines: 3, limitBytes: 5 }, 'two\nt'],
  ])('is read: %s', async (_, options, wanted) => {
    lay(json('one\n') + json('two\n', 'stderr'), 'x.log.1');
    lay(`${json('thr')}${json('ée\n')}${json('four\n')}{"log":"torn`);
    expect((await read(options)).text).toEqual(wanted);
  });

  it('of which most is dropped has its last lines in order', async () => {
    lay(Array.from({ length: 5_000 }, (_, n) => json(`${n}\n`)).join(''));
    for (const tailLines of [1, 7, 700, 4_999]) {
      const wanted = Array.from({ length: tailLines }, (_, n) => `${5_000 - tailLines + n}\n`);
      expect((await read({ tailLines })).text).toBe(wanted.join(''));
    }
  });

  it('is sent in few pieces, however many lines it has', async () => {
    lay(json('x\n').repeat(10_000));
    for (const tailLines of [undefined, 10_000]) {
      const { text, pieces } = await read({ tailLines });
      expect(text).toBe('x\n'.repeat(10_000));
      expect(pieces).toBeLessThan(30);
    }
  });
});

/** The most lines that are parsed between two turns of the event loop, when each takes a tenth of a millisecond. */
async function mostInOneTurn(work: () => Promise<unknown>): Promise<number> {
  let [now, parsed, most, over] = [performance.now(), 0, 0, false];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const parse = JSON.parse;
  vi.spyOn(JSON, 'parse').mockImplementation((text) => {
    now += 0.1;
    parsed += 1;
    return parse(text);
  });
  const turn = (): void => {
    most = Math.max(most, parsed);
    parsed = 0;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  over = true;
  return Math.max(most, parsed);
}

it.each([{}, { tailLines: 300 }])('many who read a log take no more of a turn than one does: %o', async (options) => {
  lay(json('x\n').repeat(2_000));
  const swallow = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const most = await mostInOneTurn(() => Promise.all(Array.from({ length: 40 }, () => serve(options, swallow()))));
  // What is left of a turn that has begun, and the step that ends it.
  expect(most).toBeLessThan(200);
});
