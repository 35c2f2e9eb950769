import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counts, countsOf, type Report } from '../test/report.ts';
import { root } from './checks.ts';

/** Runs one vitest configuration with its ordinary output and returns what became of it. */
export async function runVitest(config: string, args: readonly string[] = []): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubernest-vitest-'));
  const file = join(scratch, 'report.json');
  try {
    const code = await new Promise<number>((resolve, reject) => {
      const command = [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        `--config=${config}`,
        '--reporter=default',
        '--reporter=./tools/test/reporter.ts',
        ...args,
      ];
      const env = { ...process.env, KUBERNEST_TEST_REPORT: file };
      const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? 1));
    });
    return countsOf(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined, code);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
