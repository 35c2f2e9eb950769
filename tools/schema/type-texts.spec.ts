import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bodyTypes, builtinKinds } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { typeTexts } from './type-texts.ts';

const root = resolve(import.meta.dirname, '../..');
const core = 'io.k8s.api.core.v1';
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

it('writes a type of each shape: kinds are KubeObjects, dates texts, and nothing is changed in place', () => {
  const texts = typeTexts({
    [`${core}.Moon`]: {
      apiVersion: 'string',
      kind: 'string',
      metadata: `${meta}.ObjectMeta`,
      'spec!': `${core}.MoonSpec`,
    },
    [`${core}.MoonSpec`]: {
      'full!': 'date',
      port: 'int-or-string',
      ports: '[]int-or-string',
      'x-rest': '{}any',
      terms: '[]io.k8s.api.apps.v1.Term',
    },
    'io.k8s.api.apps.v1.Term': { metadata: `${meta}.ObjectMeta` },
    [`${meta}.ObjectMeta`]: { name: 'string' },
  });
  expect(Object.fromEntries(texts)).toEqual({
    'core/v1': `import type { Json, KubeObject } from '@kubernest/meta';
import type * as apps_v1 from '../apps/v1.ts';
export interface Moon extends KubeObject {
  readonly spec: MoonSpec;
}
export interface MoonSpec {
  readonly full: string;
  readonly port?: number | string;
  readonly ports?: readonly (number | string)[];
  readonly 'x-rest'?: { readonly [name: string]: Json };
  readonly terms?: readonly apps_v1.Term[];
}
`,
    'apps/v1': `import type { ObjectMeta } from '@kubernest/meta';
export interface Term {
  readonly metadata?: ObjectMeta;
}
`,
  });
});

it('nobody types a kind of the wire by hand', () => {
  const kinds = new Set([...builtinKinds, ...bodyTypes].map(({ kind }) => kind));
  const files = globSync('{libs,apps,addons}/**/*.ts', {
    cwd: root,
    exclude: (name) => /node_modules|dist$/.test(name),
  });
  const found = files.flatMap((file) =>
    [...readFileSync(resolve(root, file), 'utf8').matchAll(/^(?:export )?interface (\w+) extends KubeObject\b/gm)]
      .filter(([, name]) => kinds.has(name!))
      .map(([, name]) => `${file}: ${name}`),
  );
  expect(files.length).toBeGreaterThan(1000);
  expect(found).toEqual([]);
});
