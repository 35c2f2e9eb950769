import { openApiName } from '../schema/shapes.ts';
import { groupRank, type KindNames, kindNames } from './kind-names.ts';
import { camel, failingSpec, type ListEdit, type Plan, pascal, withEntry, withImport } from './plan.ts';

/** What a kind that is there already says of itself, as far as the new one's place depends on it. */
export interface Neighbour {
  readonly group: string;
  readonly plural: string;
}

export interface KindWishes {
  /** `apps/DaemonSet` */
  readonly path: string;
  readonly isClusterWide: boolean;
  /** In the order of the list. */
  readonly neighbours: readonly Neighbour[];
  /** Is there a table of wire facts of its group already? */
  hasTable(file: string): boolean;
}

/** With the group's before it where another group has a kind of that name; the core's keeps its own. */
interface OwnNames {
  readonly constant: string;
  readonly type: string;
}

/** A kind: its definition, a failing spec, and its place in the lists that name kinds. */
export function kindPlan({ path, isClusterWide, neighbours, hasTable }: KindWishes): Plan {
  const names = kindNames(path);
  const folder = `libs/kinds/src/${names.folder}/${names.stem}`;
  const table = tableOf(names);
  const isKnown = hasTable(table.file);
  const isTaken = names.group !== '' && neighbours.some(({ plural }) => plural === names.plural);
  const own: OwnNames = isTaken
    ? { constant: `${camel(`${names.folder}-${names.stem}`)}Resource`, type: pascal(names.folder) + names.kind }
    : { constant: `${camel(names.stem)}Resource`, type: names.kind };
  return {
    files: {
      [`${folder}/${names.stem}.resource.ts`]: definitionText(names, own, isClusterWide),
      [`${folder}/${names.stem}.spec.ts`]: failingSpec(names.kind),
      ...(isKnown ? {} : { [table.file]: emptyTable(names, table.constant) }),
    },
    lists: [
      inBuiltin(names, own, neighbours),
      inTypes(names, own),
      inRoots(names),
      ...(isKnown ? [] : [inTables(names, table.constant)]),
    ],
    next: [
      'npx tsx tools/compile-schema.ts  (its shape and its types)',
      'npx tsx tools/derive-facts.ts …  (its wire facts; libs/kinds/README.md says of what)',
      'take it from the table of what is missing in docs/scope.md',
    ],
  };
}

function definitionText(names: KindNames, { constant, type }: OwnNames, isClusterWide: boolean): string {
  const { folder, version, kind, group, apiVersion, singular, plural } = names;
  return `import { ageColumn, allVerbs, define, nameColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';
import type { ${type} } from '../../types.ts';

export const ${constant} = define<${type}>({
  group: '${group}',
  version: '${version}',
  kind: '${kind}',
  plural: '${plural}',
  singular: '${singular}',
  namespaced: ${!isClusterWide},
  schema: apiSchema('${folder}/${version}', '${kind}'),
  verbs: allVerbs,
  allowUnconditionalUpdate: true,
  columns: [nameColumn, ageColumn],
  example: {
    apiVersion: '${apiVersion}',
    kind: '${kind}',
    metadata: { name: 'example'${isClusterWide ? '' : ", namespace: 'default'"} },
  },
});
`;
}

/** In the order of discovery: by group, then by name. */
function inBuiltin(names: KindNames, { constant }: OwnNames, neighbours: readonly Neighbour[]): ListEdit {
  const { folder, stem, group, plural } = names;
  const isAfter = (each: Neighbour): boolean =>
    each.group === group ? each.plural > plural : groupRank(each.group) > groupRank(group);
  const at = neighbours.findIndex(isAfter);
  return {
    file: 'libs/kinds/src/builtin.ts',
    edit(text) {
      const [head = '', list = ''] = text.split('= [\n');
      const lines = list.split('\n');
      const entries = lines.toSpliced(at < 0 ? neighbours.length : at, 0, `  ${constant},`);
      const line = `import { ${constant} } from './${folder}/${stem}/${stem}.resource.ts';`;
      return withImport(`${head}= [\n${entries.join('\n')}`, line);
    },
  };
}

function inTypes({ folder, version, kind }: KindNames, { type }: OwnNames): ListEdit {
  const from = `@kubernest/api-types/${folder}/${version}`;
  return {
    file: 'libs/kinds/src/types.ts',
    edit: (text) => {
      const found = new RegExp(`export type \\{([^}]*)\\} from '${from}';\\n`).exec(text);
      const there = (found?.[1] ?? '').split(',').flatMap((name) => name.trim() || []);
      const names = [...there, type === kind ? kind : `${kind} as ${type}`].sort().join(', ');
      const line = `export type { ${names} } from '${from}';\n`;
      return found ? text.replace(found[0], line) : text + line;
    },
  };
}

function inRoots({ folder, version, kind }: KindNames): ListEdit {
  const gv = `${folder}/${version}`;
  return {
    file: 'tools/schema/roots.ts',
    edit: (text) => {
      const found = new RegExp(`  '${gv}': \\[([^\\]]*)\\],\\n`).exec(text);
      if (!found) return withEntry(text, `  '${gv}': ['${kind}'],\n`, "  'meta/v1': [");
      const there = found[1]!.split(',').flatMap((name) => name.trim() || []);
      return text.replace(found[0], `  '${gv}': [${[...there, `'${kind}'`].join(', ')}],\n`);
    },
  };
}

/** The wire facts of a group's version, as `tools/derive-facts.ts` writes them. */
function tableOf({ folder, version }: KindNames): { readonly file: string; readonly constant: string } {
  const stem = version === 'v1' ? folder : `${folder}-${version}`;
  return { file: `libs/kinds/src/${folder}/${stem}.facts.ts`, constant: `${camel(stem)}Facts` };
}

/** So that the other kinds work until the facts are derived. */
const emptyTable = (
  { folder, version }: KindNames,
  constant: string,
): string => `import { facts } from '@kubernest/definitions';

export const ${constant} = facts('${openApiName(`${folder}/${version}`, '').slice(0, -1)}', '');
`;

/** A group's first kind brings its table of facts. */
function inTables(names: KindNames, constant: string): ListEdit {
  const path = tableOf(names).file.replace('libs/kinds/src', '..');
  return {
    file: 'libs/kinds/src/schema/tables.ts',
    edit: (text) => withImport(withEntry(text, `  ${constant},\n`, '];'), `import { ${constant} } from '${path}';`),
  };
}
