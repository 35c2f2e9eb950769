import { type Context, childContext } from '@kubernest/kit';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { existingCluster } from '../cluster/existing-cluster.ts';
import { engineLogWords, usedEngine } from '../cluster/used-engine.ts';
import type { ClusterOptions, CommandDefinition } from '../command/command.ts';
import { followFile } from '../logs/follow-file.ts';
import { lastLines } from '../logs/last-lines.ts';
import { logWords } from '../logs/log-words.ts';
import { printLine } from '../output/print.ts';

/** Each writes a log of its own, in the order in which they start. */
const parts = ['up', 'engine', 'api', 'agent'];

interface LogsOptions extends ClusterOptions {
  readonly follow?: boolean;
  readonly lines: number;
}

export const logs: CommandDefinition<LogsOptions> = {
  name: 'logs',
  heading: 'Look into',
  about: "Print the logs of the cluster's own parts in words.",
  ofCluster: true,
  arguments: [new Argument('[part]', 'one of them alone').choices(parts)],
  options: [
    new Option('-f, --follow', 'go on with what is written from now on'),
    new Option('-n, --lines <count>', 'how many lines of each').argParser(count).default(50),
  ],
  run: ({ args, options }, ctx) => printLogs(args[0], options, ctx),
};

async function printLogs(part: string | undefined, options: LogsOptions, ctx: Context): Promise<void> {
  const { dir } = existingCluster(options);
  const wanted = part === undefined ? parts : [part];
  const engine = await usedEngine(dir);
  if (engine && part === 'engine') return printLine(engineLogWords(engine));
  const ends = new Map<string, number>();
  for (const name of wanted) {
    const tail = await lastLines(dir.logFile(name), options.lines);
    ends.set(name, tail?.end ?? 0);
    if (!tail || tail.lines.length === 0) continue;
    if (part === undefined) printLine(`==> ${name}: ${dir.logFile(name)}`);
    for (const line of tail.lines) printRecord('', line);
  }
  if ([...ends.values()].every((end) => end === 0) && !options.follow)
    printLine(`nothing has been written to ${wanted.map((name) => dir.logFile(name)).join(', ')}`);
  if (!options.follow) return;
  const prefix = (name: string): string => (part === undefined ? `${name.padEnd(7)}` : '');
  // Whoever reads them has gone (`| head`).
  const { ctx: following, controller: unread } = childContext(ctx);
  process.stdout.once('error', () => unread.abort());
  const follow = ([name, end]: [string, number]): Promise<void> =>
    followFile(dir.logFile(name), end, (line) => printRecord(prefix(name), line), following);
  try {
    await Promise.all([...ends].map(follow));
  } catch (error) {
    if (ctx.signal.aborted || !unread.signal.aborted) throw error;
  }
}

/** A line of a log may be long. */
const longest = 32_000;

/** The lines of a stack stand behind the first, so that none of them looks like a record. */
const printRecord = (prefix: string, line: string): void => {
  const [first, ...more] = logWords(line).split('\n');
  printLine(`${prefix}${first}`, longest);
  for (const text of more) printLine(`${prefix}    ${text}`, longest);
};

function count(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a number of lines');
  return Number(text);
}
