import { fieldErrorBody } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../types.ts';
import { validateEphemeralContainers } from './ephemeral-containers.validation.ts';

const podOf = (ephemeralContainers: object[]): Pod =>
  ({
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'main', image: 'i:1' }], volumes: [{ name: 'v', emptyDir: {} }], ephemeralContainers },
  }) as Pod;
const looker = { name: 'looker', image: 'i:1', targetContainerName: 'main' };
const at = 'spec.ephemeralContainers';

describe('ephemeral containers', () => {
  it.each<[string, object[], object[], string[]]>([
    ['may be added', [], [looker], []],
    ['may be added beside others', [looker], [looker, { name: 'other', image: 'i:1' }], []],
    [
      'may not be removed',
      [looker],
      [],
      [`${at}: Forbidden: existing ephemeral containers "looker" may not be removed\n`],
    ],
    [
      'may not be changed',
      [looker],
      [{ ...looker, image: 'i:2' }],
      [`${at}: Forbidden: existing ephemeral containers "looker" may not be changed\n`],
    ],
    ['have names of their own', [], [{ name: 'main', image: 'i:1' }], [`${at}[0].name: Duplicate value: "main"`]],
    [
      'look into containers that there are',
      [],
      [{ ...looker, targetContainerName: 'none' }],
      [`${at}[0].targetContainerName: Not found: "none"`],
    ],
    [
      'ask for nothing that is planned for',
      [],
      [{ ...looker, ports: [{ containerPort: 1 }], resources: {}, lifecycle: { preStop: { sleep: { seconds: 1 } } } }],
      ['ports', 'lifecycle'].map((field) => `${at}[0].${field}: Forbidden: cannot be set for an Ephemeral Container`),
    ],
    [
      'mount whole volumes',
      [],
      [{ ...looker, volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 's' }] }],
      [`${at}[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container`],
    ],
  ])('%s', (_, before, now, faults) => {
    expect(
      validateEphemeralContainers(podOf(now), podOf(before)).map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`),
    ).toEqual(faults);
  });
});
