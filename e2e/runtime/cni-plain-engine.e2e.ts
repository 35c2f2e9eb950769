import { describe, expect, it } from 'vitest';
import { runInOwnNetwork } from './own-network.ts';
import { skipReason } from './test-engine.ts';

const reason = skipReason();

describe.skipIf(reason)(`pod network beside a plain engine${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('works under FORWARD policy DROP and leaves the engine’s rules as they were', () => {
    const { status, stdout } = runInOwnNetwork('e2e/runtime/cni.e2e.ts');
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('-P FORWARD DROP\n-A FORWARD -j DOCKER-USER');
    expect(stdout).not.toContain('KUBERNEST-FWD');
  });
});
