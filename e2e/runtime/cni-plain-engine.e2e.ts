import { describe, expect, it } from 'vitest';
import { runInOwnNetwork } from './own-network.ts';
import { needsEngine } from './test-engine.ts';

describe('pod network beside a plain engine', needsEngine, () => {
  it('works under FORWARD policy DROP and leaves the engine’s rules as they were', () => {
    const { status, stdout } = runInOwnNetwork('e2e/runtime/cni.e2e.ts');
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('-P FORWARD DROP\n-A FORWARD -j DOCKER-USER');
    expect(stdout).not.toContain('KUBERNEST-FWD');
  });
});
