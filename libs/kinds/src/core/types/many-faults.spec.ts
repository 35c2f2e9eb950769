import { expect, it } from 'vitest';
import { validateProjected } from './projected-volume.validation.ts';

it('as many faults as a list has items are told, however many', () => {
  const items = Array.from({ length: 200_000 }, () => ({ key: '', path: '' }));
  const faults = validateProjected([{ secret: { name: 's', items } }], 'spec.volumes[0].projected');
  expect(faults.length).toBeGreaterThanOrEqual(items.length);
});
