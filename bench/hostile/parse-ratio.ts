import { builtinKinds } from '@kubernest/kinds';
import { decodeBySchema, decodeObject } from '@kubernest/meta';
import { jsonBodies } from './bodies.ts';

/** Bodies that nothing is wrong with but their size. */
const legal = ['many short keys', 'many labels', 'many finalizers', 'a legal map of large values'] as const;
const TIMES = 9;

export interface ParseRatio {
  /** Milliseconds of CPU for all legal bodies, as the server reads them: with a search for fields given twice, and made to fit their schema. */
  readonly readMs: number;
  /** The same bytes by JSON.parse. */
  readonly parseMs: number;
  /** The median over the bodies. */
  readonly ratio: number;
}

/** What reading a legal body costs beside JSON.parse of the same bytes, measured in turns in this process. */
export function parseRatio(bytes: number): ParseRatio {
  const { kind, version, schema } = builtinKinds.find((each) => each.kind === 'ConfigMap')!;
  const figures = legal.map((name) => {
    const body = Buffer.from(jsonBodies[name]!(bytes));
    const reads: number[] = [];
    const parses: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      reads.push(
        cpuOf(() => {
          const { value } = decodeObject(body, 'json', { findDuplicates: true });
          decodeBySchema(schema, value, { kind, version, collectUnknown: true });
        }),
      );
      parses.push(cpuOf(() => JSON.parse(body.toString('utf8'))));
    }
    return { read: median(reads), parse: median(parses) };
  });
  const sum = (of: (figure: (typeof figures)[number]) => number): number =>
    figures.reduce((total, figure) => total + of(figure), 0);
  return {
    readMs: sum(({ read }) => read),
    parseMs: sum(({ parse }) => parse),
    ratio: median(figures.map(({ read, parse }) => read / parse)),
  };
}

function cpuOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}
