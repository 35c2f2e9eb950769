import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, NoAnswerError, silentLogger } from '@kubernest/kit';
import { procStat } from '@kubernest/process';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from './command.ts';

const clock = new FakeClock();
const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
const until = async (wanted: () => boolean): Promise<void> => {
  while (!wanted()) await new Promise((next) => setImmediate(next));
};

it('a program that ends has its words and its code handed on', async () => {
  const { code, stdout, stderr } = await runCommand('sh', ['-c', 'cat; echo no >&2; exit 3'], { input: 'yes' }, ctx);
  expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: 'yes', stderr: 'no\n' });
});

it('a program that is not there is named, with where it was looked for', async () => {
  await expect(runCommand('no-such-program', [], {}, ctx)).rejects.toThrow(
    `no-such-program is not installed, or in no folder of PATH (${process.env['PATH']})`,
  );
});

it('a program that never ends is killed, though it heeds no request to end', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'command-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'pid');
  const running = runCommand('sh', ['-c', `trap '' TERM; echo $$ > ${file}; exec sleep 1000`], {}, ctx);
  const failed = expect(running).rejects.toThrow(new NoAnswerError('sh did not answer within 60 s'));
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  await clock.advance(60_000);
  await failed;
  await until(() => (procStat(Number(readFileSync(file, 'utf8')))?.state ?? 'Z') === 'Z');
});
