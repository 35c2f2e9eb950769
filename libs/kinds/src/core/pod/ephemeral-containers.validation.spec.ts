import { fieldErrorBody } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../types.ts';
import { validatePodUpdate } from './pod-update.validation.ts';

const podOf = (ephemeralContainers: object[]): Pod =>
  ({ metadata: { name: 'p' }, spec: { containers: [{ name: 'main', image: 'i:1' }], ephemeralContainers } }) as Pod;
const looker = { name: 'looker', image: 'i:1', targetContainerName: 'main' };
const refused = (what: string) =>
  `spec.ephemeralContainers: Forbidden: existing ephemeral containers "looker" may not be ${what}\n`;

describe('ephemeral containers', () => {
  it.each<[string, object[], object[], string[]]>([
    ['may be added', [], [looker], []],
    ['may be added beside others', [looker], [looker, { name: 'other', image: 'i:1' }], []],
    ['may not be removed', [looker], [], [refused('removed')]],
    ['may not be changed', [looker], [{ ...looker, image: 'i:2' }], [refused('changed')]],
  ])('%s', (_, before, now, faults) => {
    const ctx = { subresource: 'ephemeralcontainers', now: new Date(0) };
    const found = validatePodUpdate(podOf(now), podOf(before), ctx);
    expect(found.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`)).toEqual(faults);
  });
});
