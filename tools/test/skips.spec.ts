import { describe, expect, it } from 'vitest';
import { absentFacts, type FactName, factNames, factTags, needs, needsOf } from './facts.ts';
import { skipFaults } from './skips.ts';

const faults = (needed: readonly FactName[], absent: readonly FactName[], isCi: boolean): string =>
  skipFaults([{ file: 'a.e2e.ts', name: 'does a thing', needs: needed }], { absent: new Set(absent), isCi }).join('\n');

describe('a skip', () => {
  it.each<[string, FactName[], FactName[], boolean]>([
    ['for what the machine lacks', ['root'], ['root'], false],
    ['for one of two that the machine lacks', ['root', 'dockerd'], ['dockerd'], false],
    ['in CI for what the product never needs', ['go'], ['go', 'root'], true],
  ])('%s is fair', (_what, needed, absent, isCi) => {
    expect(faults(needed, absent, isCi)).toBe('');
  });

  it.each<[string, FactName[], FactName[], boolean, string]>([
    ['without a reason', [], ['root', 'go'], false, 'names no machine fact'],
    ['for what the machine has', ['root'], ['go'], false, 'though this machine has what it needs: root'],
    ['in CI for what CI must have', ['dockerd'], ['dockerd'], true, 'but CI must have dockerd'],
    ['in CI for that and an optional fact', ['go', 'root'], ['go', 'root'], true, 'but CI must have the user is root'],
  ])('%s is a failure that names the test', (_what, needed, absent, isCi, words) => {
    expect(faults(needed, absent, isCi)).toContain(words);
    expect(faults(needed, absent, isCi)).toContain('a.e2e.ts: "does a thing"');
  });
});

describe('the facts', () => {
  it('reach the report as tags, and no other tag is one', () => {
    for (const name of factNames) expect(needsOf(needs(name).tags)).toEqual([name]);
    expect(needsOf(['root', 'needs:luck'])).toEqual([]);
  });

  it('skip what needs an absent one, and nothing else', () => {
    const absent = absentFacts();
    expect(factTags().map((tag) => tag.skip)).toEqual(factNames.map((name) => absent.has(name)));
  });

  it('are asked of this machine: it has a user', () => {
    expect(absentFacts().has('root')).toBe(process.getuid?.() !== 0);
  });
});
