import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { readEngine } from './engine-facts.ts';

/** An engine that answers a ping, and `info` when it is asked what it is. */
async function engine(info: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-engine-'));
  const socket = join(dir, 'd.sock');
  const server = createServer((request, response) => response.end(request.url === '/info' ? info : 'OK'));
  await once(server.listen(socket), 'listening');
  vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
    rmSync(dir, { recursive: true });
  });
  return socket;
}

it('an engine that answers is told with its version and drivers', async () => {
  const socket = await engine(JSON.stringify({ ServerVersion: '28.1', Driver: 'overlay2', CgroupDriver: 'systemd' }));
  expect(await readEngine()).toEqual({ socket, version: '28.1', storageDriver: 'overlay2', cgroupDriver: 'systemd' });
});

it.each(['', 'null', '{"ServerVersion":28}'])(
  'one that says no such thing (%s) is there all the same',
  async (info) => {
    const socket = await engine(info);
    expect(await readEngine()).toMatchObject({ socket, version: 'unknown' });
  },
);

it('the one that a cluster uses is asked, whatever the environment names', async () => {
  const used = await engine('{}');
  await engine('{}');
  expect(await readEngine(used)).toMatchObject({ socket: used });
  expect(await readEngine('/nowhere/d.sock')).toBeUndefined();
});

it('a socket that nobody answers at is no engine', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/d.sock');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await readEngine()).toBeUndefined();
});
