import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The thread of the API server, built as a program is. */
export async function buildBodyProgram(): Promise<AsyncDisposable & { readonly entry: URL }> {
  const out = await mkdtemp(join(tmpdir(), 'kubernest-bodies-'));
  await build({
    configFile: false,
    root: here('../../../../..'),
    logLevel: 'silent',
    resolve: { tsconfigPaths: true },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: out,
      target: 'node26',
      rollupOptions: { input: { 'body-program': here('../../fixtures/body-program.ts') } },
    },
  });
  return {
    entry: pathToFileURL(join(out, 'body-program.js')),
    [Symbol.asyncDispose]: () => rm(out, { recursive: true }),
  };
}
