import type { SentDefinition } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { conditionsOf } from '../shared/conditions.ts';
import { established } from './crd-establishing.plan.ts';

const now = new Date('2026-01-01T00:10:00Z');
const before = '2026-01-01T00:00:00Z';
const message = 'the initial names have been accepted';
const installing = {
  type: 'Established',
  status: 'False',
  reason: 'Installing',
  message,
  lastTransitionTime: before,
} as const;
const crd = (spec: object): SentDefinition =>
  ({ metadata: { name: 'lamps.example.com' }, spec, status: { conditions: [installing] } }) as SentDefinition;

it('what all serve is established', () => {
  expect(established(crd({}), now)).toEqual([
    {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message,
      lastTransitionTime: '2026-01-01T00:10:00Z',
    },
  ]);
});

it('nothing is whose converter could not be trusted, and of that it is said once', () => {
  const distrusted = crd({
    conversion: { strategy: 'Webhook', webhook: { clientConfig: { caBundle: 'bm9uZQ==' } } },
  });
  const said = established(distrusted, now);
  const told = 'The conversion webhook CABundle is invalid';
  expect(said).toEqual([{ ...installing, reason: 'InvalidCABundle', message: told }]);
  const again = { ...distrusted, status: { ...distrusted.status, conditions: said } } as SentDefinition;
  expect(established(again, now)).toEqual(conditionsOf(again));
});
