import { Catalog } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { Resources } from './resources.ts';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget = (version: string): ResourceDefinition => ({
  ...configMap,
  group: 'example.test',
  version,
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
});

it('follows the catalog: what stays is the same, what is replaced or comes back is another', () => {
  const catalog = new Catalog([configMap]);
  const resources = new Resources(catalog.current);
  const gone: string[][] = [];
  catalog.onChange((change) => gone.push(resources.follow(change).map(({ apiVersion }) => apiVersion)));
  const kept = resources.find('', 'v1', 'configmaps')!;
  const [v1, v2] = [widget('v1'), widget('v2')];
  catalog.apply({ served: [v1, v2] });
  expect(resources.find('', 'v1', 'configmaps')).toBe(kept);
  expect(resources.findAny('example.test', 'widgets')?.definition).toBe(v1);
  const first = resources.find('example.test', 'v2', 'widgets')!;
  catalog.apply({ served: [widget('v2')], gone: [v1] });
  const second = resources.find('example.test', 'v2', 'widgets')!;
  expect([resources.serves(first), resources.serves(second)]).toEqual([false, true]);
  catalog.apply({ served: [second.definition], gone: [second.definition] });
  expect(resources.serves(second)).toBe(false);
  expect(resources.findAny('example.test', 'widgets')?.definition).toBe(second.definition);
  catalog.apply({ gone: [v2] });
  expect(resources.findAny('example.test', 'widgets')).toBeUndefined();
  expect(gone).toEqual([[], ['example.test/v1', 'example.test/v2'], ['example.test/v2'], ['example.test/v2']]);
});
