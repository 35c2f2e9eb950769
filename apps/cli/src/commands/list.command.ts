import { ClusterDir } from '../cluster/cluster-dir.ts';
import { supervisorOf } from '../cluster/holders.ts';
import { type KnownCluster, knownClusters } from '../cluster/known-clusters.ts';
import { partOf } from '../cluster/parts.ts';
import { unattendedWords } from '../cluster/report/report.ts';
import { runtimeOf } from '../cluster/session.ts';
import type { CommandDefinition } from '../command/command.ts';
import { called } from '../command/command-name.ts';
import { printLine } from '../output/print.ts';
import { type OutputOptions, outputFlag, printJson } from './output-flag.ts';
import { tableLines } from './table.ts';

export const list: CommandDefinition<OutputOptions> = {
  name: 'list',
  heading: 'Clusters',
  about: "Tell this user's clusters, where they are and in which state.",
  options: [outputFlag()],
  run: async ({ options }) => {
    const rows = knownClusters().map(rowOf);
    if (options.output === 'json') return printJson(rows);
    if (rows.length === 0) printLine(`there is no cluster; start one with: ${called} up`);
    else for (const line of tableOf(rows)) printLine(line);
  },
};

interface Row {
  readonly name: string;
  readonly state: 'running' | 'unwell' | 'stopped' | 'damaged' | 'missing';
  readonly runtime?: string;
  readonly store?: string;
  readonly api?: string;
  readonly dataDir: string;
  readonly fault?: string;
}

export function rowOf({ path, facts, name = '?', fault, isMissing }: KnownCluster): Row {
  if (!facts) return { name, state: isMissing ? 'missing' : 'damaged', dataDir: path, fault };
  const dir = new ClusterDir(facts.name, path);
  return {
    name: facts.name,
    ...stateOf(dir),
    runtime: runtimeOf(dir, facts),
    store: facts.store,
    api: `https://127.0.0.1:${facts.apiPort}`,
    dataDir: path,
  };
}

/** Without asking its API. */
function stateOf(dir: ClusterDir): Pick<Row, 'state' | 'fault'> {
  if (supervisorOf(dir)) return { state: 'running' };
  const left = (['api', 'agent'] as const).flatMap((part) => {
    const record = partOf(dir, part);
    return record ? [`${part} (pid ${record.pid})`] : [];
  });
  if (left.length === 0) return { state: 'stopped' };
  return { state: 'unwell', fault: `cluster "${dir.name}": ${unattendedWords(left)}` };
}

export function tableOf(rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row) => [
    row.name,
    row.state,
    row.runtime ?? '-',
    row.store ?? '-',
    row.api ?? '-',
    row.dataDir,
  ]);
  return [
    ...tableLines(['NAME', 'STATE', 'RUNTIME', 'STORE', 'API', 'DATA'], cells),
    ...rows.flatMap(({ fault }) => (fault ? [fault] : [])),
  ];
}
