import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';

it('a log that takes no line, as on a full disk, is no reason to end', () => {
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const script = `
    import { stdoutLogger } from '${import.meta.dirname}/logger.ts';
    const log = stdoutLogger('it', 'info');
    for (let n = 0; n < 5000; n++) log.info('a line'.repeat(100));
    setImmediate(() => { console.error('goes on'); process.exit(3); });`;
  const ran = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  expect([ran.status, ran.stderr]).toEqual([3, 'goes on\n']);
});
