import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { socketHolder } from './socket-holder.ts';

/** Has a file open whose path is longer than any that the kernel tells. */
const deep = `
  const { mkdirSync, openSync } = require('node:fs');
  const name = 'd'.repeat(250);
  for (let i = 0; i < 20; i++) {
    mkdirSync(name);
    process.chdir(name);
  }
  console.log(openSync('file', 'w'));
  process.stdin.resume();
`;

it('finds who has a socket, whatever files other processes have open', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'socket-holder-'));
  const other = spawn(process.execPath, ['-e', deep], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    other.stdin.end();
    await once(other, 'exit');
    execFileSync('rm', ['-rf', cwd]);
  });
  const [fd] = (await once(other.stdout, 'data')) as [Buffer];
  expect(() => readlinkSync(`/proc/${other.pid}/fd/${String(fd).trim()}`)).toThrow('ENAMETOOLONG');

  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { _handle: handle } = server as unknown as { _handle: { fd: number } };
  const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${handle.fd}`))![1]!;
  expect(socketHolder(inode)).toBe(process.pid);
  expect(socketHolder('1')).toBeUndefined();
});
