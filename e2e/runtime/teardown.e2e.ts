import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { needs } from '../../tools/test/facts.ts';
import { root, run } from '../cluster/test-cluster.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-teardown-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it(
  'a node that is taken back while its engine is down keeps nothing but what only the engine can remove',
  needs('root'),
  async () => {
    mkdirSync(join(dir, 'pods/some-uid/volumes'), { recursive: true });
    mkdirSync(join(dir, 'network/attachments'), { recursive: true });
    // Other clusters of this machine share these chains: as if they had been there before.
    writeFileSync(join(dir, 'network/attachments/found-portmap-chains'), 'true');
    const ran = await run(process.execPath, [
      ...[
        join(root, 'dist/node-agent.js'),
        '--teardown',
        `--data-dir=${dir}`,
        `--kubeconfig=${join(dir, 'kubeconfig')}`,
      ],
      ...[
        `--docker-socket=${join(dir, 'none.sock')}`,
        '--cluster-name=e2e-teardown',
        '--node-name=n',
        '--node-ip=127.0.0.1',
      ],
      ...['--bridge=kn-teardown', '--chain-prefix=KNTD'],
    ]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('none.sock');
    expect(existsSync(join(dir, 'pods'))).toBe(false);
    expect(existsSync(join(dir, 'network'))).toBe(false);
  },
);
