import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
    const logs = join(dir, 'log');
    const theirs = logsOf('other-uid', 'theirs', logs);
    logsOf('some-uid', 'ours', logs);
    mkdirSync(join(dir, 'network/attachments'), { recursive: true });
    // Other clusters of this machine share these chains: as if they had been there before.
    writeFileSync(join(dir, 'network/attachments/found-portmap-chains'), 'true');
    const ran = await run(process.execPath, [
      ...[
        join(root, 'dist/node-agent.js'),
        '--teardown',
        `--data-dir=${dir}`,
        `--log-dir=${logs}`,
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
    expect([readdirSync(join(logs, 'pods')), readdirSync(join(logs, 'containers'))]).toEqual(theirs);
  },
);

/** Leads into the engine, as a kubelet makes it. Returns the names in the two folders. */
function logsOf(uid: string, pod: string, logs: string): readonly (readonly string[])[] {
  const own = `default_${pod}_${uid}`;
  const flat = `${pod}_default_web-0a1b.log`;
  mkdirSync(join(logs, 'pods', own, 'web'), { recursive: true });
  mkdirSync(join(logs, 'containers'), { recursive: true });
  symlinkSync(join(dir, 'gone.log'), join(logs, 'pods', own, 'web/0.log'));
  symlinkSync(join(logs, 'pods', own, 'web/0.log'), join(logs, 'containers', flat));
  return [[own], [flat]];
}
