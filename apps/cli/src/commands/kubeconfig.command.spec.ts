import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderKubeconfig } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { adminIdentity, issueAuthority, issueCertificate } from '@kubernest/pki';
import { expect, it, onTestFinished, vi } from 'vitest';
import { kubeconfig } from './kubeconfig.command.ts';

it('the kubeconfig is printed while its certificate is good for something', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kubernest-kubeconfig-'));
  const printed: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))));
  onTestFinished(() => {
    stdout.mockRestore();
    rmSync(dataDir, { recursive: true });
  });
  const clock = new FakeClock(new Date());
  const ctx: Context = { signal: new AbortController().signal, clock, log: silentLogger };
  const ca = await issueAuthority('test', ctx);
  const { certificate: cert, key } = await issueCertificate(ca, { ...adminIdentity, lifetime: 60_000 }, ctx);
  const text = renderKubeconfig({ name: 'c', server: 'https://127.0.0.1:6443', ca: ca.certificate, cert, key });
  const print = () => kubeconfig.run({ options: { name: 'default', dataDir }, args: [], isGiven: () => false }, ctx);
  await expect(print()).rejects.toThrow(/there is no cluster "default"/);

  writeFileSync(join(dataDir, 'admin.kubeconfig'), text);
  await print();
  expect(printed).toEqual([text]);
  await clock.advance(61_000);
  await expect(print()).rejects.toThrow(/ended at .*; a start renews it: .*kubernest up --data-dir .*/);
});
