import { expect, it } from 'vitest';
import { checkConfiguration } from './apply-check.ts';
import type { Json, KubeObject } from './object.ts';
import { widgetSchema } from './schema.fixture.ts';

const config = (spec: Json, metadata: object = { name: 'w', namespace: 'ns' }, apiVersion = 'example.test/v1') =>
  ({ apiVersion, kind: 'Widget', metadata, spec }) as unknown as KubeObject;

it.each<[KubeObject, string]>([
  [
    config({ containers: [{ name: 'c' }, { name: 'd' }, { name: 'c' }] }),
    '(ns/w; example.test/v1, Kind=Widget): .spec.containers: duplicate entries for key [name="c"]',
  ],
  [
    config(
      { containers: [{ name: 'c', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }] },
      { name: 'w' },
      'v1',
    ),
    '(/w; /v1, Kind=Widget): .spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
  ],
  [
    config({}, { name: 'w', namespace: 'ns', finalizers: ['a', 'a', 'a'] }),
    '(ns/w; example.test/v1, Kind=Widget): errors:\n  .metadata.finalizers: duplicate entries for key [="a"]\n  .metadata.finalizers: duplicate entries for key [="a"]',
  ],
  [
    config({ containers: [{ image: '1' }] }),
    `(ns/w; example.test/v1, Kind=Widget): .spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)`,
  ],
])('a list that cannot be merged is refused in Kubernetes’ words: %j', (object, why) => {
  expect(() => checkConfiguration(widgetSchema, object)).toThrow(
    expect.objectContaining({ code: 500, reason: '', message: `failed to create typed patch object ${why}` }),
  );
});

it('the same value twice in an atomic list is no fault', () => {
  expect(() =>
    checkConfiguration(widgetSchema, config({ containers: [{ name: 'c', args: ['a', 'a'] }] })),
  ).not.toThrow();
});
