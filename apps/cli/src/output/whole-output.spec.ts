import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';

let file: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'kubernest-output-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = join(folder, 'out');
});

const program = `import('${join(import.meta.dirname, 'whole-output.ts')}').then(({ watchOutput }) => {
  watchOutput((error) => { console.error(error.code); process.exitCode = 1; });
  process.stdout.write('x'.repeat(Number(process.argv[1])));
  console.log('end');
})`;
/** The shell has a limit for files as a full disk has one: what is over it is cut off. */
const written = (bytes: number, into: string) =>
  spawnSync(
    'bash',
    ['-c', `ulimit -f 4; "$0" --input-type=module -e "$1" ${bytes} ${into}`, process.execPath, program],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );

it('what a file has no room for is told of, and not taken for written', () => {
  expect(written(4000, `> '${file}'`)).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toBe(`${'x'.repeat(4000)}end\n`);
  expect(written(5000, `> '${file}'`)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^EFBIG\n/) });
});

it('a reader that has seen enough is no fault', () => {
  expect(written(200_000, '| head -c 1; exit "$PIPESTATUS"')).toMatchObject({
    status: 0,
    stdout: 'x',
    stderr: '',
  });
});
