import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import type { ConfigMap, Pod } from '../types.ts';
import type { DownwardFacts } from './downward.ts';
import type { NodeParts } from './node-parts.ts';
import { WorkerVolumes } from './worker-volumes.ts';

it('volumes whose objects change while they are set up are set up once more', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'worker-volumes-'));
  const ctx: Context = { signal: new AbortController().signal, clock: systemClock, log: silentLogger };
  let mode = 'old';
  const reads: string[] = [];
  const objects = {
    configMap: async (): Promise<ConfigMap> => {
      reads.push(mode);
      const found = { metadata: { name: 'settings' }, data: { mode } } as ConfigMap;
      if (mode === 'old') {
        mode = 'new';
        volumes.outdated();
      }
      return found;
    },
  };
  const volumes = new WorkerVolumes({ podDir: () => dir, objects } as unknown as NodeParts);
  const pod = {
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: { containers: [], volumes: [{ name: 'v', configMap: { name: 'settings' } }] },
  } as unknown as Pod;
  const facts = { pod } as DownwardFacts;
  try {
    await volumes.setUp(facts, ctx);
    expect(volumes.refreshAt).toBe(0);
    await volumes.refresh(facts, ctx);
    await volumes.refresh(facts, ctx);
    expect(reads).toEqual(['old', 'new']);
    const { paths } = await volumes.mounted(facts, ctx);
    expect(readFileSync(join(paths.get('v')!.path, 'mode'), 'utf8')).toBe('new');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
