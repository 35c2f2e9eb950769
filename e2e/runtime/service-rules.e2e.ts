import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { applyTaken } from '@kubernest/proxy/engine';
import { iptablesDataplane } from '@kubernest/proxy/iptables';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { rulesOf } from '../../libs/proxy/contract/src/rules.fixture.ts';
import { describeDataplane } from '../../libs/proxy/contract/src/suite.ts';
import { needs } from '../../tools/test/facts.ts';

const namespace = `kn-rules-${process.pid}`;
const path = process.env['PATH'];
const dir = mkdtempSync(join(tmpdir(), 'kn-rules-'));
const inNamespace = (program: string, ...args: readonly string[]): string =>
  execFileSync('ip', ['netns', 'exec', namespace, program, ...args], { encoding: 'utf8' });

/** The kernel's own iptables, in a network namespace that nobody else has: our programs find it first. */
function enterNamespace(): void {
  execFileSync('ip', ['netns', 'add', namespace]);
  for (const program of ['iptables-restore', 'iptables-save', 'conntrack']) {
    const file = join(dir, program);
    writeFileSync(file, `#!/bin/sh\nPATH='${path}' exec ip netns exec ${namespace} ${program} "$@"\n`);
    chmodSync(file, 0o755);
  }
  process.env['PATH'] = `${dir}:${path}`;
}

function leaveNamespace(): void {
  process.env['PATH'] = path;
  execFileSync('ip', ['netns', 'delete', namespace]);
  rmSync(dir, { recursive: true });
}

/** Without the counters and the times of the dump. */
const inForce = (): string =>
  ['nat', 'filter']
    .flatMap((table) => inNamespace('iptables-save', '-t', table).split('\n'))
    .filter((line) => line.startsWith('-A'))
    .join('\n');

describe('service rules', needs('root'), () => {
  beforeAll(enterNamespace);
  afterAll(leaveNamespace);

  const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
  const open = (stateDir = mkdtempSync(join(dir, 'state-'))) => {
    const dataplane = iptablesDataplane({ chainPrefix: 'KNT', stateDir });
    return { dataplane, inForce, dispose: () => dataplane.teardown(ctx) };
  };

  describeDataplane('iptables', () => open());

  it('of whom the kernel itself refuses are left out, also by an agent that comes after', async () => {
    const stateDir = mkdtempSync(join(dir, 'state-'));
    const { dataplane, dispose } = open(stateDir);
    onTestFinished(dispose);
    // More than the kernel's list of clients takes.
    const endless = 2 ** 40;
    const good = { id: 'a/web', clusterIP: '10.96.0.5' };
    const bad = { id: 'b/web', clusterIP: '10.96.0.6', affinitySeconds: endless };
    for (const agent of [dataplane, open(stateDir).dataplane]) {
      const { refused } = await applyTaken(agent, rulesOf([good, bad]), ctx);
      expect([...refused.keys()]).toEqual(['b/web']);
      expect(refused.get('b/web')).toContain('iptables-restore');
      expect(inForce()).toContain('10.96.0.5');
      expect(inForce()).not.toContain('10.96.0.6');
    }
  });
});
