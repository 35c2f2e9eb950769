/** What the generator writes. Paths are relative to the root. */
export interface Plan {
  readonly files: Readonly<Record<string, string>>;
  /** The hand-written list that the new thing joins; absent where there is none. */
  readonly list?: {
    readonly file: string;
    readonly importLine: string;
    readonly entry: string;
    readonly before: string;
  };
}

const camel = (name: string): string => name.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => camel(name).replace(/^./, (letter) => letter.toUpperCase());

/** A spec that fails until somebody writes what the thing does. */
const failingSpec = (subject: string): string => `import { describe, expect, it } from 'vitest';

describe('${subject}', () => {
  it('does what its name says', () => {
    expect.fail('say here what ${subject} does');
  });
});
`;

function plugin(name: string): Plan {
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
    list: {
      file: 'libs/scheduler/plugins/src/builtin.ts',
      importLine: `import { ${camel(name)} } from './${name}/${name}.plugin.ts';`,
      entry: `  ${camel(name)},\n`,
      before: '] as readonly SchedulerPlugin[]',
    },
  };
}

function controller(name: string): Plan {
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
    list: {
      file: 'libs/controllers/builtin/src/index.ts',
      importLine: `import { ${camel(name)} } from './${name}/${name}.controller.ts';`,
      entry: `    ${camel(name)},\n`,
      before: '  ];\n}',
    },
  };
}

function kind(path: string): Plan {
  const [group = '', name = ''] = path.split('/');
  if (!name) throw new Error(`"${path}": group/name, for example apps/daemon-set`);
  const folder = `libs/kinds/src/${group}/${name.replaceAll('-', '')}`;
  const stem = name.replaceAll('-', '');
  const apiVersion = group === 'core' ? 'v1' : `${group}/v1`;
  return {
    files: {
      [`${folder}/${stem}.resource.ts`]: `import { ageColumn, allVerbs, define, nameColumn } from '@kubernest/definitions';
import { apiSchema } from '../../schema/built-in-schema.ts';

/** What it is, in one sentence. */
export const ${camel(name)}Resource = define({
  group: '${group === 'core' ? '' : group}',
  version: 'v1',
  kind: '${pascal(name)}',
  plural: '${stem}s',
  singular: '${stem}',
  namespaced: true,
  schema: apiSchema('${apiVersion}', '${pascal(name)}'),
  verbs: allVerbs,
  columns: [nameColumn, ageColumn],
  example: { apiVersion: '${apiVersion}', kind: '${pascal(name)}', metadata: { name: 'example', namespace: 'default' } },
});
`,
      [`${folder}/${stem}.resource.spec.ts`]: failingSpec(pascal(name)),
    },
    list: {
      file: 'libs/kinds/src/builtin.ts',
      importLine: `import { ${camel(name)}Resource } from './${group}/${stem}/${stem}.resource.ts';`,
      entry: `  ${camel(name)}Resource,\n`,
      before: '];',
    },
  };
}

function adapter(path: string): Plan {
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
  };
}

export const plans: Readonly<Record<string, (name: string) => Plan>> = { kind, controller, plugin, adapter };
