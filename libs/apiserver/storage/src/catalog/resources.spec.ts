import { Catalog } from '@kubernest/apiserver/contract';
import { type ResourceDefinition, takingNoNew } from '@kubernest/definitions';
import { widgetLike } from '@kubernest/definitions/testing';
import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { Resources } from './resources.ts';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget = (version: string) => widgetLike(configMap, version);

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

it('what is declared goes on as it is when nothing new is made of it any more', () => {
  const customSchema = {} as NonNullable<ResourceDefinition['customSchema']>;
  const before = { ...widget('v1'), customSchema };
  const catalog = new Catalog([before]);
  const resources = new Resources(catalog.current);
  const gone: number[] = [];
  catalog.onChange((change) => gone.push(resources.follow(change).length));
  const resource = resources.find('example.test', 'v1', 'widgets')!;
  catalog.apply({ served: [takingNoNew(before, 'it goes')] });
  expect(resources.find('example.test', 'v1', 'widgets')).toBe(resource);
  expect([resource.definition.takesNoNew, gone]).toEqual(['it goes', [0]]);
  catalog.apply({ served: [{ ...before, customSchema: { ...customSchema } }] });
  expect([resources.serves(resource), gone]).toEqual([false, [0, 1]]);
});
