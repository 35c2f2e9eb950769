import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { claim, claimHolder } from './claim.ts';

it('what is claimed is nobody else’s, until it is let go', async () => {
  const what = randomUUID();
  expect(claimHolder(what)).toBeUndefined();
  const letGo = await claim(what);
  expect(claimHolder(what)).toBe(process.pid);
  expect(await claim(what)).toBeUndefined();
  await letGo!();
  expect(claimHolder(what)).toBeUndefined();
  const again = await claim(what);
  expect(again).toBeDefined();
  await again!();
});

it('what another process has claimed is known by that process, also while it is suspended, and free once it was killed', async () => {
  const what = randomUUID();
  const program = `import { claim } from '${new URL('claim.ts', import.meta.url)}';
await claim(${JSON.stringify(what)});
setInterval(() => {}, 1000);
process.send('claimed');`;
  const other = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(other, 'exit');
  await once(other, 'message');
  other.kill('SIGSTOP');
  expect(claimHolder(what)).toBe(other.pid);
  expect(await claim(what)).toBeUndefined();
  other.kill('SIGKILL');
  await ended;
  const own = await claim(what);
  expect(claimHolder(what)).toBe(process.pid);
  await own!();
});
