import { type TablePlan, type Tables, tableNames } from './tables.ts';

/**
 * The lines for `iptables-restore --noflush` that bring the kernel from `have` to `want`; '' when they are the same. A chain whose
 * rules differ in a few lines gets those lines added and deleted, else it is written anew. Jumps are put in front, in their order.
 */
export function restoreScript(have: Tables, want: Tables): { readonly text: string; readonly lines: number } {
  const parts: string[] = [];
  for (const table of tableNames) {
    const lines = tableLines(have[table], want[table]);
    if (lines.length > 0) parts.push(`*${table}`, ...lines, 'COMMIT');
  }
  return { text: parts.length > 0 ? `${parts.join('\n')}\n` : '', lines: parts.length };
}

function tableLines(have: TablePlan, want: TablePlan): string[] {
  const declared: string[] = [];
  const rules: string[] = [];
  const removed: string[] = [];
  for (const [chain, wanted] of want.chains) {
    const present = have.chains.get(chain);
    if (present && same(present, wanted)) continue;
    const edits = present && unordered(chain) ? lineEdits(chain, present, wanted) : undefined;
    if (edits) {
      rules.push(...edits);
      continue;
    }
    declared.push(`:${chain} - [0:0]`);
    rules.push(...wanted.map((rule) => `-A ${chain} ${rule}`));
  }
  const gone = [...have.chains.keys()].filter((chain) => !want.chains.has(chain));
  const unjump: string[] = [];
  const jump: string[] = [];
  for (const builtin of new Set([...have.jumps.keys(), ...want.jumps.keys()])) {
    const before = have.jumps.get(builtin) ?? [];
    const after = want.jumps.get(builtin) ?? [];
    if (same(before, after)) continue;
    unjump.push(...before.map((rule) => `-D ${builtin} ${rule}`));
    jump.push(...[...after].reverse().map((rule) => `-I ${builtin} 1 ${rule}`));
  }
  for (const chain of gone) declared.push(`:${chain} - [0:0]`);
  for (const chain of gone) removed.push(`-X ${chain}`);
  return [...declared, ...unjump, ...rules, ...jump, ...removed];
}

/** The dispatching chains: each rule matches another address or port, so their order means nothing. */
const unordered = (chain: string): boolean => /-(SERVICES|NODEPORTS|REJECT)$/.test(chain);

/** Deletions and additions, when they are fewer than writing the chain anew. */
function lineEdits(chain: string, present: readonly string[], wanted: readonly string[]): string[] | undefined {
  const presentSet = new Set(present);
  const wantedSet = new Set(wanted);
  const edits = [
    ...present.filter((rule) => !wantedSet.has(rule)).map((rule) => `-D ${chain} ${rule}`),
    ...wanted.filter((rule) => !presentSet.has(rule)).map((rule) => `-A ${chain} ${rule}`),
  ];
  return edits.length < wanted.length ? edits : undefined;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
