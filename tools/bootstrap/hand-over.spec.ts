import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const busy = 'require("node:fs").writeSync(1, "there"); for (;;);';

it.each<[string, string, NodeJS.Signals | undefined, number]>([
  ['its exit code', 'process.exit(7)', undefined, 7],
  ['130 where Ctrl-C ends it before it can heed that', busy, 'SIGINT', 130],
  ['what a shell tells of SIGTERM', busy, 'SIGTERM', 143],
  ['what a shell tells of a kill', 'process.kill(process.pid, "SIGKILL")', undefined, 137],
])('a program that takes the place of another ends with %s', async (_, program, signal, code) => {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-hand-over-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'program.cjs');
  writeFileSync(file, program);
  const first = `import { handOver } from '${new URL('hand-over.mjs', import.meta.url)}';
process.exitCode = await handOver(process.execPath, [${JSON.stringify(file)}]);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', first], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  if (signal) {
    await once(child.stdout, 'data');
    child.kill(signal);
  }
  expect(await ended).toEqual([code, null]);
});
