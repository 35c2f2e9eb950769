import type { Shape, Shapes } from './shapes.ts';

/** What meta already declares, and what each kind has of it. */
const ofMeta = new Set(['ObjectMeta', 'ListMeta']);
const ofKubeObject = new Set(['apiVersion', 'kind', 'metadata']);

const words: Readonly<Record<string, string>> = {
  date: 'string',
  'micro-time': 'string',
  'int-or-string': 'number | string',
  any: 'Json',
};

interface Named {
  /** `core/v1`, as paths of modules have it. */
  readonly groupVersion: string;
  readonly type: string;
}

function named(openApiName: string): Named {
  const [group, version, type] = openApiName.split('.').slice(-3) as [string, string, string];
  return { groupVersion: `${group}/${version}`, type };
}

/** One module: its interfaces, and what they need of others. */
class ModuleText {
  readonly #texts: string[] = [];
  readonly #meta = new Set<string>();
  readonly #others = new Set<string>();

  constructor(private readonly groupVersion: string) {}

  add(type: string, shape: Shape): void {
    const fields = new Map(Object.entries(shape).map(([key, what]) => [key.replace('!', ''), { key, what }]));
    const isKind =
      [...ofKubeObject].every((name) => fields.has(name)) && shape['metadata']?.endsWith('.ListMeta') !== true;
    const lines = [...fields]
      .filter(([name]) => !(isKind && ofKubeObject.has(name)))
      .map(
        ([name, { key, what }]) => `  readonly ${quoted(name)}${key.endsWith('!') ? '' : '?'}: ${this.#typeOf(what)};`,
      );
    if (isKind) this.#meta.add('KubeObject');
    const head = `export interface ${type}${isKind ? ' extends KubeObject' : ''}`;
    this.#texts.push(lines.length > 0 ? `${head} {\n${lines.join('\n')}\n}` : `${head} {}`);
  }

  toString(): string {
    const imports = [...this.#others].sort().map((gv) => `import type * as ${prefixOf(gv)} from '../${gv}.ts';`);
    if (this.#meta.size > 0)
      imports.unshift(`import type { ${[...this.#meta].sort().join(', ')} } from '@kubernest/meta';`);
    return `${[...imports, ...this.#texts].join('\n')}\n`;
  }

  #typeOf(what: string): string {
    if (what.startsWith('[]')) return `readonly ${inBrackets(this.#typeOf(what.slice(2)))}[]`;
    if (what.startsWith('{}')) return `{ readonly [name: string]: ${this.#typeOf(what.slice(2))} }`;
    if (what === 'any') this.#meta.add('Json');
    return words[what] ?? (what.includes('.') ? this.#reference(named(what)) : what);
  }

  #reference({ groupVersion, type }: Named): string {
    if (groupVersion === 'meta/v1' && ofMeta.has(type)) {
      this.#meta.add(type);
      return type;
    }
    if (groupVersion === this.groupVersion) return type;
    this.#others.add(groupVersion);
    return `${prefixOf(groupVersion)}.${type}`;
  }
}

const prefixOf = (groupVersion: string): string => groupVersion.replace('/', '_');
const quoted = (name: string): string => (/^\w+$|^\$\w+$/.test(name) ? name : `'${name}'`);
const inBrackets = (type: string): string => (/^readonly | \| /.test(type) ? `(${type})` : type);

/** Types of what the wire has, one module a group-version: dates and quantities are texts, nothing is changed in place. */
export function typeTexts(shapes: Shapes): ReadonlyMap<string, string> {
  const modules = new Map<string, ModuleText>();
  for (const [name, shape] of Object.entries(shapes)) {
    const { groupVersion, type } = named(name);
    if (groupVersion === 'meta/v1' && ofMeta.has(type)) continue;
    const own = modules.get(groupVersion) ?? new ModuleText(groupVersion);
    modules.set(groupVersion, own);
    own.add(type, shape);
  }
  return new Map([...modules].map(([groupVersion, text]) => [groupVersion, text.toString()]));
}
