import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ClusterDir } from './cluster-dir.ts';
import { ownEngineFault, silenceIn } from './own-engine.ts';

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'kn-engine-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

async function listen(server: Server, path: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true });
  await once(server.listen(path), 'listening');
  onTestFinished(() => void server.close());
  return server;
}

it('an engine that runs is told of as silent, with the part of it that is', async () => {
  const own = folder();
  expect(await silenceIn(own)).toMatch(/^the cluster's Docker Engine runs and does not answer/);
  await listen(
    createHttpServer((_, response) => response.end('OK')),
    join(own, 'docker.sock'),
  );
  expect(await silenceIn(own)).toMatch(/^containerd, a part of the cluster's Docker Engine, does not answer/);
  const containerd = await listen(createServer(), join(own, 'exec/containerd/containerd.sock'));
  expect(await silenceIn(own)).toBeUndefined();
  await once(containerd.close(), 'close');
  expect(await silenceIn(own)).toMatch(/^containerd/);
});

it('of an engine that does not run, nothing is asked', async () => {
  expect(await ownEngineFault(new ClusterDir('lab', folder()))).toBeUndefined();
});
