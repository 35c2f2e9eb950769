import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { Catalog } from './catalog.ts';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget = (version: string): ResourceDefinition => ({
  ...configMap,
  group: 'example.test',
  version,
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
});
const name = (version: string) => ({ group: 'example.test', version, plural: 'widgets' });

it('goes from one snapshot to the next, each unchanged, and what stays is the same', () => {
  const catalog = new Catalog([configMap]);
  const before = catalog.current;
  catalog.apply({ served: [widget('v1'), widget('v2')] });
  const now = catalog.current;
  expect(before.find('example.test', 'v1', 'widgets')).toBeUndefined();
  expect([before.servesGroup('example.test'), now.servesGroup('example.test')]).toEqual([false, true]);
  expect(now.find('', 'v1', 'configmaps')).toBe(before.find('', 'v1', 'configmaps'));
  expect(now.definitions.map(({ version, plural }) => `${version}/${plural}`)).toEqual([
    'v1/configmaps',
    'v1/widgets',
    'v2/widgets',
  ]);
  expect(now.findAny('example.test', 'widgets')?.definition.version).toBe('v1');
  expect(now.revision).toBe(before.revision + 1);
});

it('tells of what is gone or replaced, together, and of nothing when nothing changes', () => {
  const catalog = new Catalog([configMap]);
  const told: string[][] = [];
  const stop = catalog.onChange(({ now, gone }) => {
    expect(now).toBe(catalog.current);
    told.push(gone.map(({ apiVersion }) => apiVersion));
  });
  const [v1, v2] = [widget('v1'), widget('v2')];
  catalog.apply({ served: [v1, v2] });
  catalog.apply({ served: [v1, v2], gone: [name('v3')] });
  const first = catalog.current.find('example.test', 'v2', 'widgets')!;
  catalog.apply({ served: [widget('v2')], gone: [name('v1')] });
  const second = catalog.current.find('example.test', 'v2', 'widgets')!;
  expect([catalog.current.serves(first), catalog.current.serves(second)]).toEqual([false, true]);
  stop();
  catalog.apply({ gone: [name('v2')] });
  expect(told).toEqual([[], ['example.test/v1', 'example.test/v2']]);
  expect(catalog.current.servesGroup('example.test')).toBe(false);
});
