import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typeFacts } from './schema/fact-lines.ts';
import { type GoPackage, knowing, parseGoTypes } from './schema/go-types.ts';
import { roots } from './schema/roots.ts';
import { openApiName, type Shapes } from './schema/shapes.ts';

/**
 * `tsx tools/derive-facts.ts <checkout of kubernetes/api> <… apimachinery> <… apiextensions-apiserver> <… kube-aggregator> [revision]`
 * writes our tables of wire facts (`*.facts.ts` of `libs/kinds` and, of what all share, `libs/definitions`) for the types that `tools/compile-schema.ts` compiled.
 * Only facts are taken (names, numbers, markers), none of the text.
 */
const [api, machinery, extensions, aggregator, revision = 'HEAD'] = process.argv.slice(2);
if (!api || !machinery || !extensions || !aggregator)
  throw new Error(
    'usage: derive-facts <kubernetes/api> <kubernetes/apimachinery> <kubernetes/apiextensions-apiserver> <kubernetes/kube-aggregator> [revision]',
  );

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const shapes = JSON.parse(readFileSync(join(root, 'generated/schema/shapes.json'), 'utf8')) as Shapes;

/** Which file a type's facts go into: the first of these that reaches it within its own group. */
const files: readonly (readonly [file: string, groupVersion: string, types: readonly string[]])[] = [
  ['core/types/volume', 'core/v1', ['Volume']],
  ['core/types/container', 'core/v1', ['Container', 'EphemeralContainer']],
  ['core/pod/pod', 'core/v1', ['Pod']],
  ['core/types/pod-template', 'core/v1', ['PodTemplateSpec']],
  ['core/node/node', 'core/v1', ['Node']],
  ['core/service/service', 'core/v1', ['Service']],
  ['core/endpoints/endpoints', 'core/v1', ['Endpoints']],
  ['core/event/event', 'core/v1', ['Event']],
  ['core/core', 'core/v1', []],
  ...Object.keys(roots)
    .filter((gv) => !['core/v1', 'meta/v1'].includes(gv))
    .map((gv) => {
      const [group, version] = gv.split('/') as [string, string];
      return [`${group}/${version === 'v1' ? group : `${group}-${version}`}`, gv, []] as const;
    }),
  ['schema/meta', 'meta/v1', []],
];

function show(checkout: string, path: string): string {
  return execFileSync('git', ['-C', checkout, 'show', `${revision}:${path}`], { encoding: 'utf8', maxBuffer: 1 << 26 });
}

function sourceOf(gv: string): string {
  if (gv === 'apiextensions/v1')
    return ['types.go', 'types_jsonschema.go'].map((file) => show(extensions!, `pkg/apis/${gv}/${file}`)).join('\n');
  if (gv === 'apiregistration/v1') return show(aggregator!, `pkg/apis/${gv}/types.go`);
  if (gv !== 'meta/v1') return show(api!, `${gv}/types.go`);
  return ['types.go', 'watch.go'].map((file) => show(machinery!, `pkg/apis/meta/v1/${file}`)).join('\n');
}

const prefixOf = (gv: string) => openApiName(gv, '');

function reach(name: string, prefix: string, into: Set<string>): void {
  if (!name.startsWith(prefix) || into.has(name)) return;
  into.add(name);
  for (const type of Object.values(shapes[name]!)) {
    const target = type.replace(/^(\[\]|\{\})+/, '');
    if (target in shapes) reach(target, prefix, into);
  }
}

function wrap(head: string, facts: readonly string[]): string {
  let line = head;
  const lines: string[] = [];
  for (const fact of facts) {
    if (line.length + fact.length > 116) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${fact}`;
  }
  return [...lines, line].join('\n');
}

const core = parseGoTypes(sourceOf('core/v1'));
const packages = new Map<string, GoPackage>();
const done = new Set<string>();
for (const [file, gv, seeds] of files) {
  const prefix = prefixOf(gv);
  if (!packages.has(gv)) packages.set(gv, knowing(parseGoTypes(sourceOf(gv)), core, 'k8s.io/api/core/v1'));
  const pkg = packages.get(gv)!;
  const names = new Set<string>();
  for (const seed of seeds) reach(prefix + seed, prefix, names);
  if (!seeds.length) for (const name of Object.keys(shapes)) if (name.startsWith(prefix)) names.add(name);
  const blocks: string[] = [];
  for (const name of [...names].filter((n) => !done.has(n)).sort()) {
    done.add(name);
    const type = name.slice(prefix.length);
    const struct = pkg.structs.get(type);
    if (!struct) throw new Error(`${gv} has no struct ${type}`);
    const { facts, missing, atomic, embeds } = typeFacts(pkg, struct, shapes[name]!);
    if (missing.length) console.warn(`${name}: not in Go: ${missing.join(' ')}`);
    blocks.push(wrap(`${type}${embeds ? `>${embeds}` : ''}${atomic ? '@atomic' : ''}`, facts));
  }
  const constant = `${file
    .split('/')
    .at(-1)!
    .replace(/-(\w)/g, (_, c: string) => c.toUpperCase())}Facts`;
  const isShared = gv === 'meta/v1';
  const path = join(root, isShared ? 'libs/definitions/src' : 'libs/kinds/src', `${file}.facts.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `import { facts } from '${isShared ? './facts.ts' : '@kubernest/definitions'}';\n\n` +
      `/** Wire facts, one line a type; the form is described at \`facts\`. */\n` +
      `export const ${constant} = facts(\n  '${prefix.slice(0, -1)}',\n  \`\n${blocks.join('\n')}\n\`,\n);\n`,
  );
}
