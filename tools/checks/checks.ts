import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** One thing that must hold of the whole tree; it passes or it does not. */
export interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Written only when the check fails. */
  readonly hint: string;
}

const bin = (name: string): string => join(root, 'node_modules/.bin', name);

export const checks: readonly Check[] = [
  {
    name: 'types',
    command: [process.execPath, 'node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'],
    hint: 'mend the types above',
  },
  {
    name: 'types of the dashboard',
    command: [process.execPath, 'node_modules/typescript7/bin/tsc', '-p', 'apps/ui/tsconfig.json'],
    hint: 'mend the types above',
  },
  {
    name: 'lint and format',
    command: [bin('biome'), 'check', '--error-on-warnings'],
    hint: 'most of it mends itself: npx biome check --write',
  },
  {
    name: 'promises and regular expressions',
    command: [bin('eslint'), '--max-warnings=0', '--no-error-on-unmatched-pattern', 'apps', 'libs', 'addons', 'tools'],
    hint: 'a promise is awaited, returned or given an owner; a text is looked over once: `withoutEnd` and `before` of @kubernest/meta, or a loop',
  },
  {
    name: 'regular expressions still bite',
    command: [process.execPath, bin('tsx'), 'tools/checks/regexps-canary.ts'],
    hint: 'a rule of eslint.config.js no longer finds its violation, or finds one where there is none',
  },
  {
    name: 'arrows',
    command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'addons'],
    hint: 'docs/adr/0001 says which library may know which',
  },
  {
    name: 'arrows still bite',
    command: [process.execPath, bin('tsx'), 'tools/checks/arrows-canary.ts'],
    hint: 'a rule of .dependency-cruiser.cjs no longer finds its violation',
  },
  {
    name: 'exact versions',
    command: [process.execPath, bin('tsx'), 'tools/checks/exact-versions.ts'],
    hint: 'npm install --save-exact; package.json and package-lock.json go into one commit',
  },
  { name: 'no dead code', command: [bin('knip'), '--no-progress'], hint: 'delete it, or use it' },
];

export interface CheckResult {
  readonly check: Check;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

export function runCheck(check: Check): Promise<CheckResult> {
  const begun = performance.now();
  const [command, ...args] = check.command as [string, ...string[]];
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = (passed: boolean): void => done({ check, passed, output, seconds: (performance.now() - begun) / 1000 });
    child.once('error', (error) => {
      output += error.message;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

/** Runs all, two at a time, and prints each as it ends. */
export async function runChecks(list: readonly Check[] = checks): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = [...list];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await runCheck(check);
      results.push(result);
      console.log(`${result.passed ? 'ok    ' : 'FAILED'} ${check.name} (${result.seconds.toFixed(1)} s)`);
      if (!result.passed) console.log(`${result.output.trimEnd()}\n  → ${check.hint}`);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}
