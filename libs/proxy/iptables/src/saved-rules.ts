import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ServiceRules } from '@kubernest/proxy/contract';
import { type TablePlan, type Tables, tableNames } from './tables.ts';

/** What was last applied: the rules, and the tables they became. */
export interface SavedRules {
  readonly rules: ServiceRules;
  readonly tables: Tables;
}

type Pairs = [string, readonly string[]][];

export function writeSaved(file: string, saved: SavedRules): void {
  const tables = Object.fromEntries(
    tableNames.map((t) => [t, { chains: [...saved.tables[t].chains], jumps: [...saved.tables[t].jumps] }]),
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ rules: saved.rules, tables }));
  renameSync(`${file}.new`, file);
}

/** Undefined when there is none that can be read: the kernel is then written anew. */
export function readSaved(file: string): SavedRules | undefined {
  try {
    const raw = JSON.parse(readFileSync(file, 'utf8')) as {
      rules: ServiceRules;
      tables: Record<string, { chains: Pairs; jumps: Pairs }>;
    };
    const plan = (name: string): TablePlan => ({
      chains: new Map(raw.tables[name]!.chains),
      jumps: new Map(raw.tables[name]!.jumps),
    });
    const tables = { nat: plan('nat'), filter: plan('filter') };
    return isOneLineEach(tables) ? { rules: raw.rules, tables } : undefined;
  } catch {
    return undefined;
  }
}

/** What an older program let through as one rule and the kernel read as several is written anew. */
const isOneLineEach = (tables: Tables): boolean =>
  tableNames.every((name) =>
    [...tables[name].chains, ...tables[name].jumps].every(([, lines]) => lines.every((line) => !line.includes('\n'))),
  );
