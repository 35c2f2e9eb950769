import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ageWords, findKubectl, nearest } from './kubectl.ts';

describe('of the kubectls of a machine', () => {
  it('the nearest to the server is taken', () => {
    const of = (...minors: number[]) =>
      nearest(
        minors.map((minor) => ({ path: `k${minor}`, minor })),
        36,
      )?.minor;
    expect([of(20, 33), of(37, 35), of(20, 38, 36), of()]).toEqual([33, 37, 36, undefined]);
  });

  it('each in PATH that runs and tells its version is known', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-kubectl-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const program = (name: string, script: string): void => {
      writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(dir, name), 0o755);
    };
    const telling = (minor: string): string => `echo '{"clientVersion": {"major": "1", "minor": "${minor}"}}'`;
    expect(await findKubectl(`${dir}:/no/such/folder:`)).toBeUndefined();
    program('kubectl', telling('20+'));
    program('kubectl-broken', telling('36'));
    program('kubectl.1.34', 'exit 1');
    program('kubectl-1.35', 'echo nonsense');
    expect(await findKubectl(dir)).toEqual({ path: join(dir, 'kubectl'), minor: 20 });
    program('kubectl.1.33', telling('33'));
    expect(await findKubectl(dir)).toEqual({ path: join(dir, 'kubectl.1.33'), minor: 33 });
  });
});

it('a word is said of one that is more than one version away', () => {
  const words = (minor: number) => ageWords({ path: '/usr/bin/kubectl', minor }, 36);
  expect([words(35), words(36), words(37)]).toEqual([undefined, undefined, undefined]);
  expect(words(20)).toContain('/usr/bin/kubectl is version 1.20, 16 versions older than the cluster (1.36)');
  expect(words(39)).toContain('3 versions newer');
});
