import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './checks.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedNames: readonly string[];
}

interface JsonReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs one vitest configuration with its ordinary output and returns how many tests passed, failed and were skipped. */
export async function runVitest(config: string, args: readonly string[] = []): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubernest-vitest-'));
  const file = join(scratch, 'report.json');
  try {
    const code = await new Promise<number>((resolve, reject) => {
      const command = [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config',
        config,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
        ...args,
      ];
      const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? 1));
    });
    return existsSync(file)
      ? counts(JSON.parse(readFileSync(file, 'utf8')) as JsonReport, code)
      : { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function counts(report: JsonReport, exitCode: number): Counts {
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  const withStatus = (...statuses: string[]) => tests.filter((t) => statuses.includes(t.status));
  const brokenFiles = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.every((t) => t.status !== 'failed'),
  ).length;
  const failed = withStatus('failed').length + brokenFiles;
  const skipped = withStatus('pending', 'skipped', 'todo', 'disabled');
  return {
    passed: withStatus('passed').length,
    // A run that failed without naming a test (an unhandled error) is a failure too.
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    skipped: skipped.length,
    skippedNames: skipped.map((t) => t.fullName),
  };
}
