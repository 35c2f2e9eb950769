import { randomBytes } from 'node:crypto';
import { FakeClock } from '@kubernest/kit';
import { sealingKeyOf } from '@kubernest/pki';
import { describe, expect, it } from 'vitest';
import { SealedPasses } from './sealed-passes.ts';

const key = () => sealingKeyOf(randomBytes(32).toString('base64'));
const certificate = {
  commonName: 'ann',
  organizations: ['team'],
  fingerprint: 'AB:CD',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
};
const ann = { peer: { address: '', certificate }, headers: { 'impersonate-group': ['a, b', 'c'] } };

describe('a sealed pass', () => {
  it('leads to what proved its user on every server with the same key, until its time is up', async () => {
    const clock = new FakeClock();
    const shared = key();
    const [here, there] = [new SealedPasses(shared, 1_000, clock), new SealedPasses(shared, 1_000, clock)];
    const pass = here.issue(ann);
    await clock.advance(999);
    expect(there.evidenceOf(pass)).toEqual(ann);
    await clock.advance(1);
    expect(there.evidenceOf(pass)).toBeUndefined();
  });

  it('of another cluster, changed or made up leads nowhere', () => {
    const passes = new SealedPasses(key(), 1_000, new FakeClock());
    const pass = passes.issue(ann);
    const foreign = new SealedPasses(key(), 1_000, new FakeClock()).issue(ann);
    const json = JSON.parse(Buffer.from(pass, 'base64url').toString()) as Record<string, unknown>;
    const changed = (fields: object) => Buffer.from(JSON.stringify({ ...json, ...fields })).toString('base64url');
    const data = Buffer.from(String(json['data']), 'base64');
    data[0]! ^= 1;
    for (const each of [
      foreign,
      changed({ data: data.toString('base64') }),
      changed({ tag: 'AAAA' }),
      changed({ iv: '' }),
      '',
      'x',
      '{}',
    ])
      expect(passes.evidenceOf(each), each).toBeUndefined();
  });
});
