import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skipReason } from './test-engine.ts';

const reason = skipReason();
const root = join(import.meta.dirname, '../..');

/** Shuts forwarding first: an engine that finds it open does not set FORWARD's policy to DROP. */
const script = `ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_forward
node_modules/.bin/vitest run -c vitest.e2e.config.ts e2e/runtime/cni.e2e.ts; code=$?
iptables -S FORWARD; exit $code`;

describe.skipIf(reason)(`pod network beside a plain engine${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('works under FORWARD policy DROP and leaves the engine’s rules as they were', () => {
    const { status, stdout } = spawnSync('unshare', ['-n', 'sh', '-c', script], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, E2E_PLAIN_ENGINE: '1', PATH: `${root}/node_modules/.bin:${process.env['PATH']}` },
    });
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('-P FORWARD DROP\n-A FORWARD -j DOCKER-USER');
    expect(stdout).not.toContain('KUBERNEST-FWD');
  });
});
