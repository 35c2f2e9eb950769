// Builds everything that runs into dist/: one file per program, the dashboard as static files, and what they owe to others.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig, type Plugin } from 'vite';
import { type Bundled, thirdPartyLicences } from './licences/third-party.ts';

const root = resolve(import.meta.dirname, '..');
const programs: Readonly<Record<string, string>> = {
  api: 'apps/api/src/main.ts',
  'sqlite-worker': 'apps/api/src/sqlite-worker.ts',
  'body-worker': 'apps/api/src/body-worker.ts',
  'node-agent': 'apps/node-agent/src/main.ts',
  cli: 'apps/cli/src/main.ts',
};

/** Peers that Nest, ws and others look for and do without: they must fail as a missing package does. */
const optionalPeers = [
  /^@nestjs\/(microservices|platform-express|platform-socket\.io|websockets)(\/|$)/,
  /^class-(validator|transformer)(\/|$)/,
  /^@fastify\/(static|view|multipart)$/,
  /^(bufferutil|utf-8-validate|cpu-features|pino-pretty|fastify-swagger)$/,
  /\.node$/,
];
/** Docker over SSH, which nobody asks of us: loaded at once by dockerode, used only for ssh:// addresses. */
const unusedPeers = [/^ssh2$/];
const stubId = '\0missing-optional-peer:';
const optionalPeerStubs: Plugin = {
  name: 'optional-peer-stubs',
  enforce: 'pre',
  resolveId: (id) => ([...optionalPeers, ...unusedPeers].some((peer) => peer.test(id)) ? `${stubId}${id}` : undefined),
  load(id) {
    if (!id.startsWith(stubId)) return undefined;
    if (unusedPeers.some((peer) => peer.test(id.slice(stubId.length)))) return 'export default {};';
    const name = JSON.stringify(id.slice(stubId.length));
    return `throw Object.assign(new Error('Cannot find package ' + ${name}), { code: 'ERR_MODULE_NOT_FOUND' });\nexport default undefined;`;
  },
};

/** A program's source stays in memory as long as it runs, with two bytes for each letter once a single one is no ASCII. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const at = chunk.code.search(/[\u0080-\uffff]/);
      if (at >= 0)
        this.error(`${chunk.fileName} is not ASCII alone: ${chunk.code.slice(Math.max(0, at - 40), at + 1)}`);
    }
  },
};

const programConfig = (name: string, entry: string): InlineConfig => ({
  root,
  configFile: false,
  logLevel: 'warn',
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // etcd3 reads its .proto files from beside itself.
  ssr: { noExternal: true, external: ['etcd3'], target: 'node' },
  plugins: [optionalPeerStubs, asciiOnly],
  build: {
    ssr: entry,
    target: 'node26',
    outDir: 'dist',
    emptyOutDir: false,
    minify: false,
    license: { fileName: `licences/${name}.json` },
    rolldownOptions: {
      output: {
        entryFileNames: `${name}.js`,
        codeSplitting: false,
        // See `asciiOnly`; what is in comments would stay as it is.
        charset: 'ascii',
        comments: false,
      },
    },
  },
});

const uiConfig: InlineConfig = {
  root: join(root, 'apps/ui'),
  configFile: false,
  logLevel: 'warn',
  base: './',
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  build: {
    outDir: join(root, 'dist/ui'),
    emptyOutDir: true,
    license: { fileName: 'licences.json' },
    chunkSizeWarningLimit: 1000,
  },
};

const schema = spawnSync(
  process.execPath,
  [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'tools/compile-schema.ts')],
  { stdio: 'inherit' },
);
if (schema.status !== 0) process.exit(1);
const only = process.argv.slice(2);
for (const [name, entry] of Object.entries(programs)) {
  if (only.length > 0 && !only.includes(name)) continue;
  await build(programConfig(name, entry));
}
if ((only.length === 0 || only.includes('ui')) && existsSync(join(root, 'apps/ui/index.html'))) await build(uiConfig);

const told = [...Object.keys(programs).map((name) => `licences/${name}.json`), 'ui/licences.json']
  .map((file) => join(root, 'dist', file))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as readonly Bundled[]);
writeFileSync(join(root, 'dist/third-party-licences.txt'), thirdPartyLicences(told));
