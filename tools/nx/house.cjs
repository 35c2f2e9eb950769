// Tells Nx the rooms of the house: a folder under apps/, libs/ or addons/ with a README.md of its own is a project, named by its path.
// Its dependencies are its `@kubernest/…` imports. Thus `nx graph`, `nx affected` and `nx test libs/meta` work, and no room has a file for it.
const { readdirSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const rooms = '{apps,libs,addons}/**/README.md';
const imported = /from '@kubernest\/([^']+)'/g;

const test = (root) => ({
  command: `vitest run --passWithNoTests ${root}`,
  inputs: ['default', '^default'],
  cache: true,
});

/** Every room as a project. */
exports.createNodesV2 = [
  rooms,
  (readmes) =>
    readmes.map((readme) => {
      const root = dirname(readme);
      const projectType = root.startsWith('libs/') ? 'library' : 'application';
      return [
        readme,
        { projects: { [root]: { name: root, projectType, sourceRoot: root, targets: { test: test(root) } } } },
      ];
    }),
];

/** Room → the rooms it imports. */
exports.createDependencies = (_options, { projects, workspaceRoot }) => {
  const roots = Object.values(projects).map(({ root }) => root);
  return roots.flatMap((source) =>
    sourcesOf(join(workspaceRoot, source)).flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const targets = new Set([...text.matchAll(imported)].map((match) => roomOf(`libs/${match[1]}`, roots)));
      const sourceFile = file.slice(workspaceRoot.length + 1);
      return [...targets]
        .filter((target) => target !== undefined && target !== source)
        .map((target) => ({ source, target, sourceFile, type: 'static' }));
    }),
  );
};

/** A library's `testing` entry belongs to the library. */
const roomOf = (path, roots) =>
  roots.find((root) => root === path) ?? roots.find((root) => path.startsWith(`${root}/`));

function sourcesOf(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
