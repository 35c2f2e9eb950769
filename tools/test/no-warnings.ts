// Whatever Node warns of (a leak of listeners, a deprecation, a promise handled late) while a file of tests runs is a failure of that file.
import { afterAll, expect } from 'vitest';

const warnings: string[] = [];
process.on('warning', ({ name, message, stack }) => warnings.push(stack ?? `${name}: ${message}`));

afterAll(async () => {
  await new Promise((resolve) => setImmediate(resolve)); // they are told a turn later
  expect(warnings).toEqual([]);
});
