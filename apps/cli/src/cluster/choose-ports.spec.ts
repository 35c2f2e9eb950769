import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { demandPort, freePort, refusalWords } from './choose-ports.ts';
import { claim } from './claim.ts';
import { ClusterDir } from './cluster-dir.ts';
import { recordOf, recordProcess } from './process-file.ts';

async function takePort(): Promise<number> {
  const server = createServer().listen(0, '0.0.0.0');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('a port that is taken is told of with who has it', async () => {
  const port = await takePort();
  await expect(demandPort(port, { known: [], claim })).rejects.toThrow(
    new RegExp(`^port ${port} is already in use by .+ \\(pid ${process.pid}\\); choose another with --api-port$`),
  );
});

it('a cluster that has it is called by its name', async () => {
  const port = await takePort();
  const path = mkdtempSync(join(tmpdir(), 'kubernest-ports-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const facts = { format: 1, name: 'other', index: 1, apiPort: port, kubeletPort: 2, store: 'sqlite' };
  recordProcess(new ClusterDir('other', path).pidFile('api'), recordOf(process.pid));
  await expect(
    demandPort(port, {
      known: [
        { path: '/broken', fault: 'torn' },
        { path, facts },
      ],
      claim,
    }),
  ).rejects.toThrow(`port ${port} is already in use by the cluster "other"; choose another`);
});

it('a port that this user may not have is not called in use, nor is one that fails otherwise', async () => {
  const words = (code: string) => refusalWords(80, Object.assign(new Error('no such luck'), { code }), []);
  expect(await words('EACCES')).toBe("this user may not listen on port 80, which is the system's");
  expect(await words('EINVAL')).toBe('port 80 cannot be listened on: no such luck');
});

it('a free port is the first that nobody has and that is not left out', async () => {
  const port = await takePort();
  const chosen = await freePort(port, (each) => each === port + 1, { claim });
  expect(chosen).toBeGreaterThan(port + 1);
  await expect(freePort(port, () => true, { claim })).rejects.toThrow(`no free port between ${port} and ${port + 499}`);
});
