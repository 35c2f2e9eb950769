import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Payload, writePayload } from './payload.ts';

const now = new Date('2026-01-01T00:00:00Z');
const of = (files: Record<string, string>): Payload =>
  new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode: 0o644 }]));
const dated = (dir: string): string[] => readdirSync(dir).filter((name) => /^\.\.\d/.test(name));

describe('the files of a volume', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'payload-spec-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('change all at once, and those that are gone go', async () => {
    await writePayload(dir, of({ a: 'one', 'deep/b': 'one' }), now);
    expect(await writePayload(dir, of({ a: 'two', c: 'two' }), now)).toBe(true);
    expect(readdirSync(dir).filter((name) => !name.startsWith('..'))).toEqual(['a', 'c']);
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('two');
    expect(dated(dir)).toEqual([readlinkSync(join(dir, '..data'))]);
  });

  it('are left alone when they are as they should be', async () => {
    await writePayload(dir, of({ a: 'one' }), now);
    const before = dated(dir);
    expect(await writePayload(dir, of({ a: 'one' }), now)).toBe(false);
    expect(dated(dir)).toEqual(before);
  });

  it('that cannot be written leave nothing behind, and the old ones in place', async () => {
    await writePayload(dir, of({ a: 'one' }), now);
    await expect(writePayload(dir, of({ b: 'two', 'b/c': 'two' }), now)).rejects.toThrow();
    expect(dated(dir)).toEqual([readlinkSync(join(dir, '..data'))]);
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('one');
  });

  it('take away what an agent left that was killed while it wrote', async () => {
    mkdirSync(join(dir, '..2025_12_31_half'));
    await writePayload(dir, of({ a: 'one' }), now);
    expect(dated(dir)).toEqual([readlinkSync(join(dir, '..data'))]);
  });
});
