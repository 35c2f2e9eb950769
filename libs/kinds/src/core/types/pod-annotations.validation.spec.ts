import type { PodSpec } from '@kubernest/api-types/core/v1';
import { fieldErrorBody } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../kind-faults.fixture.ts';
import { pod } from '../pod/pod.fixture.ts';
import { validatePodUpdate } from '../pod/pod-update.validation.ts';
import { appArmorPrefix } from './app-armor.ts';
import { validatePodAnnotations } from './pod-annotations.validation.ts';

type Annotations = Readonly<Record<string, string>>;
const mirror = 'kubernetes.io/config.mirror';
const armor = 'container.apparmor.security.beta.kubernetes.io/web';
const cost = 'controller.kubernetes.io/pod-deletion-cost';
const annotated = (annotations: Annotations) => {
  const made = pod({ nodeName: 'n' });
  return { ...made, metadata: { ...made.metadata, annotations } };
};

describe('an annotation of a pod', () => {
  const about = (key: string) => `metadata.annotations[${key}]`;
  it.each<[string, string, string[]]>([
    [cost, '-2147483648', []],
    [cost, '0', []],
    ...['abc', '', '+1', '01', '1.5', '-', '2147483648', '1\n'].map((text): [string, string, string[]] => [
      cost,
      text,
      [`${about(cost)}: Invalid value: ${JSON.stringify(text)}: must be a 32bit integer`],
    ]),
    [mirror, 'x', [`${about(mirror)}: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set`]],
    ['seccomp.security.alpha.kubernetes.io/pod', 'localhost/a/b.json', []],
    [
      'seccomp.security.alpha.kubernetes.io/pod',
      'localhost/../../etc/x',
      [
        'metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "../../etc/x": must not contain \'..\'',
      ],
    ],
    [
      'container.seccomp.security.alpha.kubernetes.io/web',
      'mine',
      [
        'metadata.annotations.container.seccomp.security.alpha.kubernetes.io/web: Invalid value: "mine": must be a valid seccomp profile',
      ],
    ],
    [armor, 'unconfined', []],
    [armor, 'mine', [`${about(armor)}: Invalid value: "mine": invalid AppArmor profile name: "mine"`]],
    [`${armor}-2`, 'unconfined', [`${about(`${armor}-2`)}: Invalid value: "web-2": container not found`]],
  ])('%s: %j is told %j', (key, value, faults) => {
    const metadata = { name: 'a', namespace: 'default', annotations: { [key]: value } };
    const spec = { containers: [{ name: 'web', image: 'i' }], serviceAccountName: 'default' };
    expect(faultsOf('Pod', { metadata, spec })).toEqual(faults);
    const template = { metadata: { labels: { a: 'b' }, annotations: { [key]: value } }, spec };
    const inTemplate = faults.map((fault) => fault.replace('metadata.', 'spec.template.'));
    expect(faultsOf('Deployment', { spec: { selector: { matchLabels: { a: 'b' } }, template } })).toEqual(inTemplate);
  });
});

describe.each(['', 'status', 'ephemeralcontainers'])('a write of a pod’s %j', (subresource) => {
  const told = (before: Annotations, now: Annotations): string[] =>
    validatePodUpdate(annotated(now), annotated(before), { subresource, now: new Date(0) }).map(
      (fault) => `${fault.field}: ${fieldErrorBody(fault)}`,
    );
  const stays = (key: string, words: string) => [`metadata.annotations[${key}]: Forbidden: may not ${words}`];
  const mirrored =
    subresource === 'ephemeralcontainers'
      ? [': Forbidden: static pods do not support ephemeral containers']
      : stays(mirror, 'remove or update mirror pod annotation');

  it.each<[string, Annotations, Annotations, string[]]>([
    ['another annotation', {}, { a: 'b' }, []],
    ['not that it is a mirror', {}, { [mirror]: 'x' }, stays(mirror, 'add mirror pod annotation')],
    ['not what it mirrors', { [mirror]: 'x' }, { [mirror]: 'y' }, mirrored],
    ['not that it is none any more', { [mirror]: 'x' }, {}, mirrored],
    ['no AppArmor profile', {}, { [armor]: 'unconfined' }, stays(armor, 'add AppArmor annotations')],
    [
      'no other AppArmor profile',
      { [armor]: 'runtime/default' },
      { [armor]: 'unconfined' },
      stays(armor, 'remove or update AppArmor annotations'),
    ],
    [
      'not away an AppArmor profile',
      { [armor]: 'runtime/default' },
      {},
      stays(armor, 'remove or update AppArmor annotations'),
    ],
  ])('may say %s', (_, before, now, faults) => {
    expect(told(before, now)).toEqual(faults);
  });
});

it('what mirrors a static pod claims no resources', () => {
  const metadata = { name: 'a', namespace: 'default', annotations: { [mirror]: 'x' } };
  const spec = {
    nodeName: 'n',
    containers: [{ name: 'web', image: 'i' }],
    resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }],
  };
  expect(faultsOf('Pod', { metadata, spec })).toEqual([': Forbidden: static pods do not support resource claims']);
});

it('annotations about many containers look for them together', () => {
  const many = 500;
  let reads = 0;
  const containers = Array.from({ length: many }, (_, i) => ({
    get name() {
      reads++;
      return `c${i}`;
    },
  }));
  const annotations = Object.fromEntries(
    Array.from({ length: many + 1 }, (_, i) => [`${appArmorPrefix}c${i}`, 'unconfined']),
  );
  const faults = validatePodAnnotations(annotations, { containers } as unknown as PodSpec, 'metadata.annotations');
  expect(faults).toEqual([expect.objectContaining({ field: `metadata.annotations[${appArmorPrefix}c${many}]` })]);
  expect(reads).toBeLessThanOrEqual(2 * many);
});
