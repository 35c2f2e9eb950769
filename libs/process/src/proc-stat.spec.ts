import { describe, expect, it } from 'vitest';
import { isTraced, parseProcStat, procStat, userOf } from './proc-stat.ts';

describe('what the kernel tells of a process', () => {
  it.each(['sh', 'a) R 1 (b'])('is read whatever it is called: %s', (name) => {
    const line = `7 (${name}) R 3 7 5 0 -1 4194304 1 1 1 1 1 1 1 1 20 0 1 0 99 1000 1`;
    expect(parseProcStat(line)).toEqual({ pid: 7, state: 'R', parent: 3, session: 5, startTicks: '99' });
  });

  it('is there of this one', () => {
    expect(procStat(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
    expect(isTraced(process.pid)).toBe(false);
    expect(userOf(process.pid)).toBe(process.geteuid?.());
  });

  it('is nothing where there is none', () => {
    expect(procStat(0)).toBeUndefined();
    expect(isTraced(0)).toBe(false);
    expect(userOf(0)).toBeUndefined();
  });
});
