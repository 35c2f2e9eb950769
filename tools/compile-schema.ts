import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compiles the declarations of the packages we depend on into `generated/schema/`: `shapes.mjs` (field names, types, what is
 * required; loaded at start, each type as a text that is read when its schema is first looked at) and `descriptions.mjs` (loaded when OpenAPI is first asked for),
 * and of the same shapes the types that everybody imports as `@kubernest/api-types/<group>/<version>`, into `generated/types/`. Does nothing when it already did.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const generated = join(root, 'generated');

function inputsHash(): string {
  const hash = createHash('sha256');
  for (const own of [
    'compile-schema.ts',
    'schema/roots.ts',
    'schema/shapes.ts',
    'schema/declarations.ts',
    'schema/type-texts.ts',
  ])
    hash.update(readFileSync(join(root, 'tools', own)));
  for (const dependency of ['@kubernetes/client-node', 'kubernetes-types', 'typescript'])
    hash.update(readFileSync(join(root, 'node_modules', dependency, 'package.json')));
  return hash.digest('hex');
}

function write(name: string, text: string): void {
  const file = join(generated, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

/** V8 parses a JSON string faster than an object literal of that size. */
function asModule(value: unknown): string {
  return `export const data = JSON.parse(${JSON.stringify(JSON.stringify(value))});\n`;
}

const hash = inputsHash();
const stamp = join(generated, 'schema/hash');
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
  console.log('schema: up to date');
} else {
  const { declarationPaths } = await import('./schema/declarations.ts');
  const { ShapeCompiler } = await import('./schema/shapes.ts');
  const { typeTexts } = await import('./schema/type-texts.ts');
  const compiled = new ShapeCompiler(declarationPaths(join(root, 'node_modules'))).compile();
  write('schema/shapes.json', JSON.stringify(compiled.shapes, null, 1));
  const texts = Object.entries(compiled.shapes).map(([name, shape]) => [name, JSON.stringify(shape)]);
  write('schema/shapes.mjs', asModule(Object.fromEntries(texts)));
  write('schema/descriptions.mjs', asModule(compiled.descriptions));
  // Of a group that is no root any more nothing is left to import.
  rmSync(join(root, 'generated/types'), { recursive: true, force: true });
  for (const [groupVersion, text] of typeTexts(compiled.shapes)) write(`types/${groupVersion}.ts`, text);
  write('schema/hash', hash);
  console.log(`schema: compiled ${Object.keys(compiled.shapes).length} types`);
}
