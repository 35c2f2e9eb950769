import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtinKinds } from '@kubernest/kinds';
import { kindPlan } from './kind.ts';
import { camel, failingSpec, type Plan, pascal, withEntry, withImport } from './plan.ts';

function mustBeKebab(name: string): void {
  if (!/^[a-z][a-z0-9]*([-/][a-z0-9]+)*$/.test(name)) throw new Error(`"${name}": a name in kebab-case`);
}

function plugin(name: string): Plan {
  mustBeKebab(name);
  const folder = `libs/scheduler/plugins/src/${name}`;
  return {
    files: {
      [`${folder}/${name}.plugin.ts`]: `import type { SchedulerPlugin } from '@kubernest/scheduler/engine';

/** Why a pod does not fit, in one sentence. */
export const ${camel(name)}: SchedulerPlugin = {
  name: '${name}',
  unblockedBy: ['node-added', 'node-changed'],
  filter: () => undefined,
};
`,
      [`${folder}/${name}.spec.ts`]: failingSpec(name),
    },
    lists: [
      {
        file: 'libs/scheduler/plugins/src/builtin.ts',
        edit: (text) =>
          withImport(
            withEntry(text, `  ${camel(name)},\n`, '] as readonly SchedulerPlugin[]'),
            `import { ${camel(name)} } from './${name}/${name}.plugin.ts';`,
          ),
      },
    ],
  };
}

function controller(name: string): Plan {
  mustBeKebab(name);
  const folder = `libs/controllers/builtin/src/${name}`;
  return {
    files: {
      [`${folder}/${name}.plan.ts`]: `import type { KubeObject } from '@kubernest/meta';

/** Pure: what there is to do about this object. */
export function plan${pascal(name)}(_object: KubeObject): readonly never[] {
  return [];
}
`,
      [`${folder}/${name}.controller.ts`]: `import type { Controller } from '@kubernest/controllers/engine';
import type { KubeObject } from '@kubernest/meta';
import { plan${pascal(name)} } from './${name}.plan.ts';

const ref = { group: '', version: 'v1', resource: 'configmaps' } as const;

/** What it keeps true, in one sentence. */
export const ${camel(name)}: Controller = {
  name: '${name}',
  serviceAccount: '${name}-controller',
  reconciles: ref,
  watches: [],
  writes: [],
  async reconcile(key, ctx) {
    const object = ctx.informers.of<KubeObject>(ref).get(key);
    if (object) plan${pascal(name)}(object);
    return 'done';
  },
};
`,
      [`${folder}/${name}.plan.spec.ts`]: failingSpec(name),
    },
    lists: [
      {
        file: 'libs/controllers/builtin/src/index.ts',
        edit: (text) =>
          withImport(
            withEntry(text, `    ${camel(name)},\n`, '  ];\n}'),
            `import { ${camel(name)} } from './${name}/${name}.controller.ts';`,
          ),
      },
    ],
  };
}

function adapter(path: string): Plan {
  mustBeKebab(path);
  const [contract = '', name = ''] = path.split('/');
  if (!name) throw new Error(`"${path}": contract/name, for example store/lmdb`);
  const folder = `libs/${path}`;
  return {
    files: {
      [`${folder}/src/index.ts`]: `export * from './${name}.ts';\n`,
      [`${folder}/src/${name}.ts`]: `/** Knows its contract, @kubernest/${contract}/contract, and nothing beside it. */\nexport const ${camel(name)} = undefined;\n`,
      [`${folder}/src/${name}.spec.ts`]: failingSpec(`the ${name} adapter passes the conformance suite of ${contract}`),
      [`${folder}/README.md`]: `# ${path}\n\nWhat it adapts, what it needs, and where it differs from the contract.\n`,
    },
    lists: [],
  };
}

const root = resolve(import.meta.dirname, '../..');

const kind = (path: string, options: PlanOptions = {}): Plan =>
  kindPlan({
    path,
    isClusterWide: options.isClusterWide === true,
    neighbours: builtinKinds,
    hasTable: (file) => existsSync(join(root, file)),
  });

export interface PlanOptions {
  /** Of a kind: its objects are in no namespace. */
  readonly isClusterWide?: boolean;
}

export const plans: Readonly<Record<string, (name: string, options?: PlanOptions) => Plan>> = {
  kind,
  controller,
  plugin,
  adapter,
};
