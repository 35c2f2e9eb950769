import { FakeClock, silentLogger } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { AttendedTime } from './attended-time.ts';

const begin = () => {
  const [clock, life] = [new FakeClock(), new AbortController()];
  return { clock, life, time: new AttendedTime({ signal: life.signal, clock, log: silentLogger }) };
};

it('time that passes as it should is counted to the millisecond', async () => {
  const { clock, time } = begin();
  for (const by of [300, 900, 5_000, 1]) await clock.advance(by);
  expect(time.passed()).toBe(6_201);
});

it('of a stall no more is counted than the second in which it began, whoever asks first after it', async () => {
  const { clock, time } = begin();
  const asked: number[] = [];
  await clock.advance(10_400);
  clock.after(200, () => asked.push(time.passed()));
  await clock.stall(100_000);
  expect([...asked, time.passed()]).toEqual([11_000, 11_000]);
  await clock.advance(2_500);
  expect(time.passed()).toBe(13_500);
});

it('one stall after the other counts little, and nothing runs once it has ended', async () => {
  const { clock, life, time } = begin();
  for (let i = 0; i < 10; i++) await clock.stall(4_000);
  expect(time.passed()).toBe(10_000);
  life.abort();
  await clock.advance(5_000);
  expect(time.passed()).toBe(11_000);
});
