import { widgetLike } from '@kubernest/definitions/testing';
import { builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { Catalog } from './catalog.ts';

const configMap = builtinKinds.find(({ kind }) => kind === 'ConfigMap')!;
const widget = (version: string) => widgetLike(configMap, version);
const name = (version: string) => ({ group: 'example.test', version, plural: 'widgets' });

it('goes from one snapshot to the next, each unchanged', () => {
  const catalog = new Catalog([configMap]);
  const before = catalog.current;
  const v1 = widget('v1');
  catalog.apply({ served: [v1, widget('v2')] });
  const now = catalog.current;
  expect([before, now].map((each) => each.find('example.test', 'v1', 'widgets'))).toEqual([undefined, v1]);
  expect([before, now].map((each) => each.servesGroup('example.test'))).toEqual([false, true]);
  expect(now.find('', 'v1', 'configmaps')).toBe(configMap);
  expect(now.definitions.map(({ version, plural }) => `${version}/${plural}`)).toEqual([
    'v1/configmaps',
    'v1/widgets',
    'v2/widgets',
  ]);
  expect(now.revision).toBe(before.revision + 1);
});

it('tells of what is gone or replaced, together, and of nothing when nothing changes', () => {
  const catalog = new Catalog([configMap]);
  const told: string[][] = [];
  const stop = catalog.onChange(({ now, gone }) => {
    expect(now).toBe(catalog.current);
    told.push(gone.map(({ version }) => version));
  });
  const [v1, v2, next] = [widget('v1'), widget('v2'), widget('v2')];
  catalog.apply({ served: [v1, v2] });
  catalog.apply({ served: [v1, v2], gone: [name('v3')] });
  catalog.apply({ served: [next], gone: [name('v1')] });
  expect(catalog.current.find('example.test', 'v2', 'widgets')).toBe(next);
  stop();
  catalog.apply({ gone: [name('v2')] });
  expect(told).toEqual([[], ['v1', 'v2']]);
  expect(catalog.current.servesGroup('example.test')).toBe(false);
});
