import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let out: string;

async function bundle(name: string, input: Record<string, string>): Promise<void> {
  await build({
    configFile: false,
    root: here('../../../..'),
    logLevel: 'silent',
    resolve: { tsconfigPaths: true },
    ssr: { noExternal: true },
    build: { ssr: true, outDir: join(out, name), target: 'node22', rollupOptions: { input } },
  });
}

const run = async (program: string, ...args: string[]) =>
  (await promisify(execFile)(process.execPath, [join(out, program), join(out, 'data', program), ...args])).stdout;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'kubernest-bundle-'));
});
afterAll(() => rm(out, { recursive: true }));

it('runs from one bundled file that is also its worker', async () => {
  await bundle('one', { program: here('../fixtures/bundled-program.ts') });
  expect(await run('one/program.js', 'itself')).toBe('/a:1,2\n');
});

it('finds sqlite-worker.js beside the bundle, and says so when it is missing', async () => {
  await bundle('two', {
    program: here('../fixtures/bundled-program.ts'),
    'sqlite-worker': here('./worker/main.ts'),
  });
  expect(await run('two/program.js')).toBe('/a:1,2\n');
  await rm(join(out, 'two/sqlite-worker.js'));
  await expect(run('two/program.js')).rejects.toThrow(/sqlite-worker\.js is missing/);
});
