import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';

interface Project {
  readonly name: string;
  readonly root: string;
}
const workspaceRoot = resolve(import.meta.dirname, '../..');
const { createNodesV2, createDependencies } = createRequire(import.meta.url)('./house.cjs') as {
  createNodesV2: [string, (files: readonly string[]) => [string, { projects: Record<string, Project> }][]];
  createDependencies: (
    options: undefined,
    context: { readonly projects: Record<string, Project>; readonly workspaceRoot: string },
  ) => { readonly source: string; readonly target: string }[];
};

const readmes = ['apps', 'libs', 'addons'].flatMap((top) =>
  (readdirSync(resolve(workspaceRoot, top), { recursive: true }) as string[])
    .filter((file) => file.endsWith('README.md'))
    .map((file) => `${top}/${file}`),
);
/** As Nx hands them on: each with the root that was its key. */
const projects = Object.fromEntries(
  createNodesV2[1](readmes).flatMap(([, found]) =>
    Object.entries(found.projects).map(([root, project]) => [project.name, { ...project, root }]),
  ),
);

test('every library that a path leads to is a room with a README, and so is every app and addon', () => {
  const indexes = (readdirSync(resolve(workspaceRoot, 'libs'), { recursive: true }) as string[])
    .filter((file) => file.endsWith('src/index.ts') && !file.includes('/testing/'))
    .map((file) => `libs/${dirname(dirname(file))}`);
  const tops = ['apps', 'addons'].flatMap((top) =>
    readdirSync(resolve(workspaceRoot, top)).map((name) => `${top}/${name}`),
  );
  expect(Object.keys(projects).sort()).toEqual([...indexes, ...tops].sort());
});

test('a room depends on what it imports, never on itself', () => {
  const dependencies = createDependencies(undefined, { projects, workspaceRoot });
  const arrows = new Set(dependencies.map(({ source, target }) => `${source} → ${target}`));
  expect(arrows).toContain('apps/api → libs/apiserver/handlers');
  expect(arrows).toContain('libs/live → libs/meta');
  expect([...arrows].filter((arrow) => arrow.startsWith('libs/kit →'))).toEqual([]);
  expect(dependencies.filter(({ source, target }) => source === target)).toEqual([]);
});

test('nx.json names this plugin', () => {
  const { plugins } = JSON.parse(readFileSync(resolve(workspaceRoot, 'nx.json'), 'utf8')) as { plugins: string[] };
  expect(plugins).toEqual(['./tools/nx/house.cjs']);
});
