// `npm run new -- <kind|controller|plugin|adapter> <name> [--cluster]`: writes the folder, its files, the lines in the lists and a failing
// spec. The generator is the convention.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Plan } from './new/plan.ts';
import { plans } from './new/plans.ts';

const root = resolve(import.meta.dirname, '..');

function write({ files, lists }: Plan): void {
  for (const file of Object.keys(files)) {
    if (existsSync(join(root, file))) throw new Error(`${file} is there already`);
  }
  const edited = lists.map(({ file, edit }) => [file, edit(readFileSync(join(root, file), 'utf8'))] as const);
  for (const [file, text] of [...Object.entries(files), ...edited]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const paths = [...Object.keys(files), ...lists.map(({ file }) => file)];
  const sources = paths.filter((path) => path.endsWith('.ts'));
  execFileSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...sources], { cwd: root, stdio: 'ignore' });
  for (const file of Object.keys(files)) console.log(`wrote   ${file}`);
  for (const { file } of lists) console.log(`listed  in ${file}`);
}

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { cluster: { type: 'boolean' } } });
  const [what = '', name = ''] = positionals;
  const make = plans[what];
  if (!make) throw new Error(`npm run new <${Object.keys(plans).join('|')}> <name> [-- --cluster]`);
  const plan = make(name, { isClusterWide: values.cluster });
  write(plan);
  for (const step of plan.next ?? []) console.log(`next:   ${step}`);
  console.log('its spec fails until you say what it does: npm run verify');
} catch (error) {
  console.error(`new: ${(error as Error).message}`);
  process.exitCode = 1;
}
