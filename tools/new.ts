// `npm run new <kind|controller|plugin|adapter> <name>`: writes the folder, its files, the line in the list and a failing spec. The
// generator is the convention.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Plan, plans } from './new/plans.ts';

const root = resolve(import.meta.dirname, '..');

function write(plan: Plan): void {
  for (const file of Object.keys(plan.files)) {
    if (existsSync(join(root, file))) throw new Error(`${file} is there already`);
  }
  for (const [file, text] of Object.entries(plan.files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
    console.log(`wrote   ${file}`);
  }
  if (!plan.list) return;
  const { file, importLine, entry, before } = plan.list;
  const text = readFileSync(join(root, file), 'utf8');
  const at = text.lastIndexOf(before);
  if (at < 0) throw new Error(`${file} has no "${before.trim()}" to write "${entry.trim()}" before`);
  const lastImport = text.lastIndexOf('\nimport ');
  const afterImports = lastImport < 0 ? 0 : text.indexOf('\n', text.indexOf(';', lastImport)) + 1;
  const withEntry = `${text.slice(0, at)}${entry}${text.slice(at)}`;
  writeFileSync(join(root, file), `${withEntry.slice(0, afterImports)}${importLine}\n${withEntry.slice(afterImports)}`);
  console.log(`listed  in ${file}`);
}

try {
  const [what = '', name = ''] = process.argv.slice(2);
  const plan = plans[what];
  if (!plan) throw new Error(`npm run new <${Object.keys(plans).join('|')}> <name>`);
  if (!/^[a-z][a-z0-9]*([-/][a-z0-9]+)*$/.test(name))
    throw new Error(`"${name}": a name in kebab-case (for kinds and adapters: group/name)`);
  write(plan(name));
  console.log('its spec fails until you say what it does: npm run verify');
} catch (error) {
  console.error(`new: ${(error as Error).message}`);
  process.exitCode = 1;
}
