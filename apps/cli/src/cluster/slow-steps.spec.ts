import { FakeClock } from '@kubernest/kit';
import { expect, it } from 'vitest';
import { SlowSteps } from './slow-steps.ts';

it('of what is over within a second nothing is said; then the step that lasts, and each that follows', async () => {
  const clock = new FakeClock(new Date());
  const said: string[] = [];
  const steps = new SlowSteps((line) => said.push(line), clock);
  steps.step('quick');
  await clock.advance(999);
  steps.step('lasts');
  expect(said).toEqual([]);
  await clock.advance(1);
  expect(said).toEqual(['lasts']);
  steps.step('next');
  expect(said).toEqual(['lasts', 'next']);
  steps.end();
});

it('nothing is said behind the end', async () => {
  const clock = new FakeClock(new Date());
  const said: string[] = [];
  const steps = new SlowSteps((line) => said.push(line), clock);
  steps.step('quick');
  steps.end();
  await clock.advance(5000);
  expect(said).toEqual([]);
});
