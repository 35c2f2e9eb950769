import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { builtinKinds } from '@kubernest/kinds';
import { describe, expect, it } from 'vitest';
import { kindPlan } from './kind.ts';
import { kindNames } from './kind-names.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const namesIn = (text: string): readonly string[] =>
  text.split(/[\s,]+/).filter((name) => /\w/.test(name) && !name.startsWith('//'));

/** Each kind's folder, as the list imports it: `apps/replica-set`. */
const imported = [...read('libs/kinds/src/builtin.ts').matchAll(/import \{ (\w+) \} from '\.\/(\w+)\/([\w-]+)\/.*\n/g)];
const constants = namesIn(read('libs/kinds/src/builtin.ts').split('= [')[1]!.split('];')[0]!);
const cases = constants.map((constant, index) => {
  const [line, , folder, stem] = imported.find(([, name]) => name === constant)!;
  return { constant, line, folder: folder!, stem: stem!, definition: builtinKinds[index]! };
});

describe('a kind that is there, made again', () => {
  it.each(cases.map((each) => [`${each.folder}/${each.definition.kind}`, each] as const))('%s', (path, each) => {
    const { constant, line, folder, stem, definition } = each;
    const neighbours = builtinKinds.filter((kind) => kind !== definition);
    const { files, lists } = kindPlan({
      path,
      isClusterWide: !definition.namespaced,
      neighbours,
      hasTable: () => true,
    });
    const [file, text] = Object.entries(files)[0]!;
    expect(file).toBe(`libs/kinds/src/${folder}/${stem}/${stem}.resource.ts`);
    const { group, version, kind, plural, singular, namespaced } = definition;
    for (const [key, value] of Object.entries({ group, version, kind, plural, singular }))
      expect(text).toContain(`  ${key}: '${value}',\n`);
    expect(text).toContain(`  namespaced: ${namespaced},\n`);
    expect(text).toContain(/schema: apiSchema\(.*\)/.exec(read(file))![0]);
    expect(text).toContain(`export const ${constant} = `);

    const before: Readonly<Record<string, (now: string) => string>> = {
      'libs/kinds/src/builtin.ts': (now) => now.replace(line, '').replace(`  ${constant},\n`, ''),
      'tools/schema/roots.ts': (now) => now.replace(new RegExp(`(?<='${folder}/v1': \\[[^\\]]*)\\s*'${kind}',?`), ''),
    };
    for (const { file: listed, edit } of lists) {
      const [without, now] = [before[listed]?.(read(listed)), read(listed)];
      if (without === undefined) continue;
      expect(without, listed).not.toBe(now);
      const again = edit(without);
      if (listed.endsWith('builtin.ts')) expect(again).toBe(now);
      else
        expect(namesIn(again.replace(/[[\]]/g, ' ')).toSorted()).toEqual(
          namesIn(now.replace(/[[\]]/g, ' ')).toSorted(),
        );
    }
    expect(lists.map((list) => list.file)).toEqual(expect.arrayContaining(Object.keys(before)));
  });
});

it.each([
  ['apps/DaemonSet', 'apps', 'daemon-set', 'daemonsets'],
  ['networking/Ingress', 'networking.k8s.io', 'ingress', 'ingresses'],
  ['networking/NetworkPolicy', 'networking.k8s.io', 'network-policy', 'networkpolicies'],
  ['networking/ServiceCIDR', 'networking.k8s.io', 'service-cidr', 'servicecidrs'],
  ['networking/IPAddress', 'networking.k8s.io', 'ip-address', 'ipaddresses'],
  ['scheduling/PriorityClass', 'scheduling.k8s.io', 'priority-class', 'priorityclasses'],
  ['storage/CSIStorageCapacity', 'storage.k8s.io', 'csi-storage-capacity', 'csistoragecapacities'],
  ['core/ComponentStatus', '', 'component-status', 'componentstatuses'],
  ['batch/CronJob', 'batch', 'cron-job', 'cronjobs'],
  ['autoscaling/v2/HorizontalPodAutoscaler', 'autoscaling', 'horizontal-pod-autoscaler', 'horizontalpodautoscalers'],
])('%s is called as Kubernetes calls it', (path, group, stem, plural) => {
  expect(kindNames(path)).toMatchObject({ group, stem, plural });
});

it('stands in the list where discovery has its group, and its plural within', () => {
  const order = (path: string) => {
    const [list] = kindPlan({ path, isClusterWide: false, neighbours: builtinKinds, hasTable: () => true }).lists;
    return namesIn(list!.edit(read(list!.file)).split('= [')[1]!.split('];')[0]!);
  };
  const after = (path: string, constant: string) => order(path)[order(path).indexOf(constant) - 1];
  expect(after('apps/DaemonSet', 'daemonSetResource')).toBe(constants[constants.indexOf('deploymentResource') - 1]);
  expect(after('scheduling/PriorityClass', 'priorityClassResource')).toBe('customResourceDefinitionResource');
  expect(after('core/LimitRange', 'limitRangeResource')).toBe('eventResource');
});

it('brings the table of its group where there is none yet', () => {
  const tables = read('libs/kinds/src/schema/tables.ts');
  const wishes = { isClusterWide: true, neighbours: builtinKinds };
  const { files, lists } = kindPlan({
    ...wishes,
    path: 'autoscaling/v2/HorizontalPodAutoscaler',
    hasTable: () => false,
  });
  expect(files['libs/kinds/src/autoscaling/autoscaling-v2.facts.ts']).toContain(
    "export const autoscalingV2Facts = facts('io.k8s.api.autoscaling.v2', '');",
  );
  const now = lists.find(({ file }) => file.endsWith('tables.ts'))!.edit(tables);
  expect(now).toContain("import { autoscalingV2Facts } from '../autoscaling/autoscaling-v2.facts.ts';\n");
  expect(now).toContain('  autoscalingV2Facts,\n];');
  const known = kindPlan({
    ...wishes,
    path: 'policy/PodDisruptionBudget',
    hasTable: (file) => file.endsWith('policy.facts.ts'),
  });
  expect(known.lists.filter(({ file }) => file.endsWith('tables.ts'))).toEqual([]);
});
