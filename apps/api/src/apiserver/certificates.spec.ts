import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig, transportOptionsOf } from '@kubernest/client';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { renewalTime } from '@kubernest/pki';
import { memoryStore } from '@kubernest/store/memory';
import { expect, it, onTestFinished } from 'vitest';
import { isRemote, readConfig } from '../config/config.ts';
import { certificates } from './certificates.ts';
import { openSecrets } from './secrets.ts';

async function running() {
  const dir = mkdtempSync(join(tmpdir(), 'kubernest-certificates-'));
  const clock = new FakeClock(new Date());
  const stop = new AbortController();
  const { promise: renewed, resolve } = Promise.withResolvers<void>();
  const info = (message: string) => message === 'certificates are renewed' && resolve();
  const ctx: Context = { signal: stop.signal, clock, log: { ...silentLogger, info } };
  const { api: config } = readConfig([
    `--data-dir=${dir}`,
    '--advertise-address=192.0.2.1',
    `--admin-kubeconfig=${dir}/admin.kubeconfig`,
    `--agent-kubeconfig=n1=${dir}/agent/kubeconfig`,
  ]);
  if (isRemote(config)) throw new Error('it runs here');
  const secrets = await openSecrets(config, memoryStore({ clock }), ctx);
  const { done } = await certificates(config, secrets).start(ctx);
  onTestFinished(async () => {
    stop.abort();
    await done;
    rmSync(dir, { recursive: true });
  });
  return { dir, clock, secrets, renewed };
}

it('every certificate is made anew when it is due, without a start, and handed to whoever uses it', async () => {
  const { dir, clock, secrets, renewed } = await running();
  const told: string[] = [];
  secrets.serving.follow(({ certificate }) => told.push(certificate));
  const held = () => ({
    serving: secrets.serving.value.certificate,
    kubeletClient: secrets.kubeletClient.value.certificate,
  });
  const certificateIn = (file: string) => String(transportOptionsOf(loadKubeconfig([join(dir, file)])).cert);
  const onDisk = () => ({
    admin: certificateIn('admin.kubeconfig'),
    node: certificateIn('agent/kubeconfig'),
    proxy: certificateIn('agent/kube-proxy.kubeconfig'),
  });
  const first = { ...held(), ...onDisk() };
  const due = renewalTime(first.serving).getTime();
  await clock.advance(due - clock.now().getTime() - 1000);
  expect({ ...held(), ...onDisk() }).toEqual(first);

  await clock.advance(62_000);
  await renewed;
  const second = { ...held(), ...onDisk() };
  expect(told).toEqual([second.serving]);
  for (const [name, certificate] of Object.entries(second)) {
    expect(certificate, name).not.toBe(first[name as keyof typeof first]);
    expect(renewalTime(certificate).getTime(), name).toBeGreaterThan(clock.now().getTime());
  }
});
