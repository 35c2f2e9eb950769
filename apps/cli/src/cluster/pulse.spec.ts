import { FakeClock } from '@kubernest/kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { type KernelView, PULSE_EVERY, Pulse } from './pulse.ts';

let clock: FakeClock;
let view: KernelView;
let pulse: Pulse;
beforeEach(() => {
  clock = new FakeClock();
  view = { state: 'S', traced: false };
  pulse = new Pulse(clock, () => view);
});

/** Looks every second for so long; the first verdict, and when. */
async function looked(seconds: number, onLook: (second: number) => void = () => {}): Promise<string | undefined> {
  for (let second = 1; second <= seconds; second++) {
    await clock.advance(PULSE_EVERY);
    onLook(second);
    const why = pulse.hangs();
    if (why) return `${second}: ${why}`;
  }
  return undefined;
}

describe('a process that says nothing any more', () => {
  it('hangs after half a minute', async () => {
    expect(await looked(60)).toBe('30: it has not answered for 30 s');
  });

  it('hangs sooner when the kernel says that it is stopped', async () => {
    view = { state: 'T', traced: false };
    expect(await looked(60)).toBe('10: it is stopped and has not answered for 10 s');
  });

  it('does not hang while a debugger holds it', async () => {
    view = { state: 't', traced: true };
    expect(await looked(600)).toBeUndefined();
  });

  it('does not hang when it was last heard with a debugger attached', async () => {
    pulse.heard(true);
    expect(await looked(600)).toBeUndefined();
    pulse.heard(false);
    expect(await looked(60)).toBe('30: it has not answered for 30 s');
  });

  it('is left to the disk, or to its end', async () => {
    view = { state: 'D', traced: false };
    expect(await looked(600)).toBeUndefined();
    view = { state: undefined, traced: false };
    expect(await looked(600)).toBeUndefined();
  });
});

it('a process that speaks now and then does not hang', async () => {
  expect(await looked(600, (second) => second % 29 === 0 && pulse.heard(false))).toBeUndefined();
});

describe('a supervisor that was late itself', () => {
  it('does not count that time, however long: the machine slept, or was too slow for anybody', async () => {
    await looked(20);
    await clock.advance(3_600_000);
    expect(pulse.hangs()).toBeUndefined();
    expect(await looked(60)).toBe('10: it has not answered for 30 s');
  });

  it('takes nothing for a hang on a machine where it never is on time', async () => {
    for (let n = 0; n < 100; n++) {
      await clock.advance(2 * PULSE_EVERY);
      expect(pulse.hangs()).toBeUndefined();
    }
  });
});
