import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { claim } from './claim.ts';

it('what is claimed is nobody else’s, until it is let go', async () => {
  const what = randomUUID();
  const letGo = await claim(what);
  expect(await claim(what)).toBeUndefined();
  await letGo!();
  const again = await claim(what);
  expect(again).toBeDefined();
  await again!();
});
