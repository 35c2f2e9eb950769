import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it, onTestFinished } from 'vitest';
import { ClusterDir, type ClusterFacts } from '../cluster/cluster-dir.ts';
import { accessLines } from './access-lines.ts';

const ctx: Context = { signal: AbortSignal.abort(), clock: new FakeClock(new Date()), log: silentLogger };

it.each([
  ['plain', (path: string) => path],
  ["a b's", (path: string) => `'${path.replace("'", "'\\''")}'`],
  ['a\u0007b', (path: string) => `$'${path.replace('\u0007', '\\007')}'`],
])('the path of the kubeconfig can be pasted into a shell: %j', async (name, pasted) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubernest-access-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dir = new ClusterDir('x', join(folder, name));
  const lines = await accessLines(dir, { apiPort: 6443 } as ClusterFacts, ctx);
  expect(lines.join('\n')).toContain(`  kubeconfig   ${pasted(dir.adminKubeconfig())}   (context kubernest-x`);
});
