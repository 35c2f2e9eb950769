import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Shuts forwarding first: an engine that finds it open does not set FORWARD's policy to DROP. */
const script = `ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_forward
node_modules/.bin/vitest run -c vitest.e2e.config.ts "$1" 2>&1; code=$?
iptables -S FORWARD; exit $code`;

/**
 * Runs a test file in a network namespace of its own, with no way out and no rule of anybody's, where a plain engine may write its
 * own. The output ends with the rules of FORWARD as the tests left them.
 */
export function runInOwnNetwork(file: string): { readonly status: number | null; readonly stdout: string } {
  return spawnSync('unshare', ['-n', 'sh', '-c', script, 'sh', file], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, E2E_PLAIN_ENGINE: '1', PATH: `${root}/node_modules/.bin:${process.env['PATH']}` },
  });
}
