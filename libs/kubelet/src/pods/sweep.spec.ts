import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { HollowNetwork, openHollowRuntime } from '@kubernest/runtime/hollow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogLinks } from '../logs/log-links.ts';
import { directoryMounter } from '../volumes/mounter.ts';
import type { NodeParts } from './node-parts.ts';
import type { PodWorkers } from './pod-workers.ts';
import { RuntimeView } from './runtime-view.ts';
import { Sweep } from './sweep.ts';

describe('a sweep', () => {
  let dir: string;
  let warned: string[];
  const clock = new FakeClock();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sweep-'));
    warned = [];
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const ctx = (): Context => ({
    signal: new AbortController().signal,
    clock,
    log: { ...silentLogger, warn: (message) => void warned.push(message) },
  });
  function sweep(over: Partial<NodeParts> = {}) {
    const podsDir = join(dir, 'pods');
    const parts = {
      view: new RuntimeView(openHollowRuntime(), () => {}),
      network: new HollowNetwork(),
      links: new LogLinks(join(dir, 'log')),
      mounter: directoryMounter,
      podsDir,
      podDir: (uid: string) => join(podsDir, uid),
      ...over,
    } as NodeParts;
    const workers = { has: (uid: string) => uid === 'here', wake: () => {}, endStrays: () => {} };
    return new Sweep(parts, workers as unknown as PodWorkers, 1_000);
  }
  const lay = (...uids: readonly string[]): void => {
    for (const uid of uids) mkdirSync(join(dir, 'pods', uid, 'volumes'), { recursive: true });
  };

  it('takes the folders of pods that the node has not, and no other', async () => {
    lay('here', 'gone', 'long-gone');
    await sweep().once(ctx());
    expect({ left: readdirSync(join(dir, 'pods')), warned }).toEqual({ left: ['here'], warned: [] });
  });

  it('finds nothing where there never was a pod', async () => {
    await sweep().once(ctx());
    expect(warned).toEqual([]);
  });

  it('says so when it cannot look', async () => {
    writeFileSync(join(dir, 'pods'), 'no folder');
    await sweep().once(ctx());
    expect(warned).toEqual(['folders of other pods could not be looked for']);
  });

  it('does the rest whatever fails, or never answers', async () => {
    lay('gone');
    const asked = Promise.withResolvers<void>();
    const reclaim = () => {
      asked.resolve();
      return new Promise<void>(() => {});
    };
    const network = Object.assign(new HollowNetwork(), { reclaim });
    const runtime = { ...openHollowRuntime(), snapshot: () => Promise.reject(new Error('away')) };
    const swept = sweep({ network, view: new RuntimeView(runtime, () => {}) }).once(ctx());
    await asked.promise;
    await clock.advance(600_000);
    await swept;
    expect(warned).toEqual([
      'what the runtime holds of other pods could not be looked for',
      'addresses of sandboxes that are gone could not be looked for',
    ]);
    expect(readdirSync(join(dir, 'pods'))).toEqual([]);
  });
});
