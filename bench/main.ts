import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureMachine } from './ceiling/machine.ts';
import { loneMeasurements, measurements } from './measurements/index.ts';
import { isMet, type Row, type Run, type StoreName } from './row.ts';
import { Subject } from './subject/subject.ts';
import { cellsOf, type Line, renderTable } from './table.ts';

const names = [...loneMeasurements, ...measurements].map((one) => one.name);
const usage = `npm run bench -- [--only <name,…>] [--store sqlite|etcd] [--rounds <n>] [--seconds <n>] [--dist <directory>] [--profile <directory>]
names: ${names.join(', ')}`;

interface Asked {
  readonly only: ReadonlySet<string>;
  readonly stores: readonly StoreName[];
  readonly run: Omit<Run, 'store'>;
}

function readFlags(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      store: { type: 'string', default: 'sqlite,etcd' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      profile: { type: 'string' },
      dist: { type: 'string', default: resolve(import.meta.dirname, '../dist') },
    },
  });
  const only = values.only?.split(',') ?? names;
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: no such measurement\n${usage}`);
  const stores = values.store.split(',');
  const strange = stores.filter((store) => store !== 'sqlite' && store !== 'etcd');
  if (strange.length > 0) throw new Error(`--store ${strange.join(',')}: sqlite or etcd`);
  return {
    only: new Set(only),
    stores: stores as readonly StoreName[],
    run: {
      dist: resolve(values.dist),
      profile: values.profile && resolve(values.profile),
      rounds: countOf('--rounds', values.rounds),
      seconds: countOf('--seconds', values.seconds),
    },
  };
}

function countOf(flag: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`${flag} ${text}: a whole number from 1`);
  return count;
}

interface Bench {
  readonly only: ReadonlySet<string>;
  readonly slowness: number;
}

/** A measurement that fails says so and is a failed run; the others still run. */
async function attempt(
  name: string,
  { store, slowness }: { readonly store: StoreName; readonly slowness: number },
  work: () => Promise<readonly Row[]>,
): Promise<readonly Line[]> {
  try {
    const lines = (await work()).map((row) => ({ store, row }));
    for (const line of lines) console.error(cellsOf(line, slowness).join('  '));
    return lines;
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name} (${store}) failed: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

async function benchStore(run: Run, { only, slowness }: Bench): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const at = { store: run.store, slowness };
  for (const one of loneMeasurements) {
    if (only.has(one.name)) lines.push(...(await attempt(one.name, at, () => one.run(run))));
  }
  const wanted = measurements.filter((one) => only.has(one.name));
  if (wanted.length === 0) return lines;
  await using subject = await Subject.start(run);
  for (const one of wanted) lines.push(...(await attempt(one.name, at, () => one.run(subject))));
  return lines;
}

async function main(): Promise<void> {
  const asked = readFlags(process.argv.slice(2));
  const { getsPerSecond, slowness } = await measureMachine();
  const lines: Line[] = [];
  for (const store of asked.stores)
    lines.push(...(await benchStore({ ...asked.run, store }, { only: asked.only, slowness })));
  const day = new Date().toISOString().slice(0, 10);
  console.log(
    `${day}, ${availableParallelism()} cores, Node ${process.version}, a bare TLS server answers ${Math.round(getsPerSecond).toLocaleString('en-US')} GETs/s: ${slowness.toFixed(2)} times as slow as the reference`,
  );
  console.log(renderTable(lines, slowness));
  const missed = lines.filter(({ row }) => isMet(row, slowness) === false);
  if (missed.length === 0) return;
  process.exitCode = 1;
  console.error(`${missed.length} of these bounds were missed`);
}

main().catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
