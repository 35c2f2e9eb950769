import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, messageOf } from '@kubernest/kit';
import { notStarted } from '@kubernest/process';
import { type ApplyReport, type Dataplane, RulesRefused, type ServiceRules } from '@kubernest/proxy/contract';
import { restoreScript } from './diff.ts';
import { type ChainNames, chainNames } from './names.ts';
import { renderTables } from './render.ts';
import { readSaved, type SavedRules, writeSaved } from './saved-rules.ts';
import { endStaleUdp } from './stale-udp.ts';
import { noTables, type TablePlan, type Tables, tableNames } from './tables.ts';

export interface IptablesOptions {
  /** Begins every chain of this cluster. */
  readonly chainPrefix: string;
  /** Where the last applied rules are kept, so that a new process changes only what changed. */
  readonly stateDir: string;
}

/** Service rules as iptables chains, written with iptables-restore. */
export function iptablesDataplane(options: IptablesOptions): Dataplane {
  const names = chainNames(options.chainPrefix);
  const file = join(options.stateDir, 'service-rules.json');
  let applied: SavedRules | undefined;

  /** What the kernel holds of ours: as we left it, or nothing that we trust. */
  const present = async (ctx: Context): Promise<{ tables: Tables; trusted: boolean }> => {
    if (applied) return { tables: applied.tables, trusted: true };
    const found = await chainsInKernel(options.chainPrefix, ctx);
    const saved = readSaved(file);
    if (saved && holds(found, saved.tables)) return { tables: saved.tables, trusted: true };
    return { tables: found.asTables, trusted: false };
  };

  return {
    name: 'iptables',
    async apply(rules: ServiceRules, ctx): Promise<ApplyReport> {
      const want = renderTables(rules, names);
      const { tables: have, trusted } = await present(ctx);
      const { text, lines } = restoreScript(have, want);
      const before = this.held();
      if (text !== '') {
        applied = undefined;
        await restore(text, ctx);
      }
      applied = { rules, tables: want };
      if (text !== '') writeSaved(file, applied);
      if (before) await endStaleUdp(before, rules, (args) => run('conntrack', args, '', ctx));
      return { lines, full: !trusted };
    },
    held: () => applied?.rules ?? readSaved(file)?.rules,
    async teardown(ctx) {
      const found = await chainsInKernel(options.chainPrefix, ctx);
      const { text } = restoreScript(found.asTables, noTables);
      if (text !== '') await restore(text, ctx);
      rmSync(file, { force: true });
      applied = undefined;
    },
  };
}

interface KernelChains {
  /** Our chains and jumps as iptables prints them: enough to delete them. */
  readonly asTables: Tables;
  readonly ruleCounts: ReadonlyMap<string, number>;
}

async function chainsInKernel(prefix: string, ctx: Context): Promise<KernelChains> {
  const ruleCounts = new Map<string, number>();
  const tables: Record<string, TablePlan> = {};
  for (const table of tableNames) {
    const text = await run('iptables-save', ['-t', table], '', ctx);
    const chains = new Map<string, string[]>();
    const jumps = new Map<string, string[]>();
    const ours = new RegExp(
      `^${prefix}-(SERVICES|NODEPORTS|POSTROUTING|MARK-MASQ|FORWARD|REJECT|UNSERVED|FIREWALL|SVC-.*|SVL-.*|EXT-.*|SEP-.*)$`,
    );
    for (const line of text.split('\n')) {
      const declared = /^:(\S+) /.exec(line)?.[1];
      if (declared && ours.test(declared)) chains.set(declared, []);
      const rule = /^-A (\S+) (.*)$/.exec(line);
      if (!rule) continue;
      const [, chain, text] = rule as unknown as [string, string, string];
      if (ours.test(chain)) chains.get(chain)?.push(text);
      else if (ours.test(/-j (\S+)/.exec(text)?.[1] ?? '')) jumps.set(chain, [...(jumps.get(chain) ?? []), text]);
    }
    for (const [chain, lines] of [...chains, ...jumps]) ruleCounts.set(`${table} ${chain}`, lines.length);
    tables[table] = { chains, jumps };
  }
  return { asTables: tables as unknown as Tables, ruleCounts };
}

/** Iptables prints rules in a form of its own, so kernel and file are compared by chains and their numbers of rules. */
function holds(found: KernelChains, saved: Tables): boolean {
  const expected = new Map<string, number>();
  for (const table of tableNames) {
    for (const [chain, lines] of [...saved[table].chains, ...saved[table].jumps])
      expected.set(`${table} ${chain}`, lines.length);
  }
  return (
    expected.size === found.ruleCounts.size &&
    [...expected].every(([key, count]) => found.ruleCounts.get(key) === count)
  );
}

/** What names a line is about the rules; all else about the machine. */
const blamesLine = /\bline:? \d+/i;

async function restore(text: string, ctx: Context): Promise<void> {
  try {
    await run('iptables-restore', ['--noflush', '-w', '5'], text, ctx);
  } catch (error) {
    const words = messageOf(error);
    throw blamesLine.test(words) ? new RulesRefused(words, { cause: error }) : error;
  }
}

function run(command: string, args: readonly string[], input: string, ctx: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], signal: ctx.signal });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(command, error)));
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command} failed: ${errors.trim()}`)),
    );
    child.stdin.on('error', () => {}); // the exit code tells
    child.stdin.end(input);
  });
}

export type { ChainNames };
