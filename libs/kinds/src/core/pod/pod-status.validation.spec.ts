import { fieldErrorBody } from '@kubernest/meta';
import { expect, it } from 'vitest';
import type { Pod } from '../../types.ts';
import { preparePodStatus } from './pod.preparation.ts';
import { validatePodStatusUpdate } from './pod-status.validation.ts';

type Loose = Record<string, unknown>;
const pod = (status: Loose, spec: Loose = {}): Pod =>
  ({
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'c' }], restartPolicy: 'Always', ...spec },
    status,
  }) as unknown as Pod;
const ended = (exitCode: number) => ({ containerStatuses: [{ name: 'c', state: { terminated: { exitCode } } }] });
const running = { containerStatuses: [{ name: 'c', state: { running: {} } }] };
const forGood = 'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state';

it.each<[string, Loose, Loose, Loose, string[]]>([
  ['a container that always runs again', {}, ended(0), running, []],
  ['one that never does', { restartPolicy: 'Never' }, ended(1), running, [forGood]],
  ['one that does after a failure', { restartPolicy: 'OnFailure' }, ended(1), running, []],
  ['and not after a success', { restartPolicy: 'OnFailure' }, ended(0), running, [forGood]],
  [
    'one with a rule of its own',
    {
      restartPolicy: 'Never',
      containers: [
        { name: 'c', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
      ],
    },
    ended(42),
    running,
    [],
  ],
  [
    'another class',
    {},
    { qosClass: 'Burstable' },
    { qosClass: 'Guaranteed' },
    ['status.qosClass: Invalid value: "Guaranteed": field is immutable'],
  ],
  [
    'two addresses of one family',
    {},
    {},
    { podIPs: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }] },
    [
      'status.podIPs: Invalid value: [{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]: may specify no more than one IP for each IP family',
    ],
  ],
  [
    'an address that is none',
    {},
    {},
    { podIPs: [{ ip: 'x' }] },
    ['status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    'generations that never were',
    {},
    {},
    { observedGeneration: -1, conditions: [{ type: 'Ready', observedGeneration: -2 }] },
    [
      'status.conditions[0].observedGeneration: Invalid value: -2: must be a non-negative integer',
      'status.observedGeneration: Invalid value: -1: must be a non-negative integer',
    ],
  ],
  [
    'a machine whose address is none',
    {},
    {},
    { hostIP: 'x', hostIPs: [{ ip: 'x' }] },
    ['status.hostIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    'a machine with two first addresses',
    {},
    {},
    { hostIP: '10.0.0.1', hostIPs: [{ ip: '10.0.0.2' }] },
    ['status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`'],
  ],
  [
    'an ephemeral container that ended',
    {},
    { ephemeralContainerStatuses: [{ name: 'e', state: { terminated: { exitCode: 0 } } }] },
    { ephemeralContainerStatuses: [{ name: 'e', state: { running: {} } }] },
    ['status.ephemeralContainerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'],
  ],
  [
    'claims that the pod does not have, twice',
    { resourceClaims: [{ name: 'gpu' }] },
    {},
    { resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'gpu-1' }, { name: 'disk' }, { name: 'disk' }] },
    [
      'status.resourceClaimStatuses[1].name: Invalid value: "disk": must match the name of an entry in `spec.resourceClaims`',
      'status.resourceClaimStatuses[2].name: Invalid value: "disk": must match the name of an entry in `spec.resourceClaims`',
      'status.resourceClaimStatuses[2].name: Duplicate value: "disk"',
    ],
  ],
  [
    'a container of nobody',
    {},
    {},
    { containerStatuses: [{ name: 'c', user: { linux: { uid: -1, gid: 0, supplementalGroups: [2 ** 31] } } }] },
    [
      'status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'status.containerStatuses[0].user.linux.supplementalGroups[0]: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive',
    ],
  ],
  [
    'a nomination of what is bound',
    { nodeName: 'n' },
    {},
    { nominatedNodeName: 'm' },
    ['status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node'],
  ],
])('the status of %s', (_, spec, before, after, faults) => {
  const found = validatePodStatusUpdate(pod(after, spec), pod(before, spec));
  expect(found.map((fault) => `${fault.field}: ${fieldErrorBody(fault)}`)).toEqual(faults);
});

it('keeps its class when a writer leaves it out', () => {
  const draft = pod({ phase: 'Running' });
  preparePodStatus(draft, pod({ qosClass: 'Burstable' }));
  expect(draft.status).toEqual({ phase: 'Running', qosClass: 'Burstable' });
});

it.each<[string, Loose, Loose]>([
  ['one address alone', { podIP: '10.0.0.1' }, { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] }],
  ['a list alone', { podIPs: [{ ip: '10.0.0.1' }] }, { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] }],
  [
    'another address than the list',
    { podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.1' }] },
    { podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.2' }] },
  ],
])('a writer who says %s means both', (_, said, meant) => {
  const draft = pod(said);
  preparePodStatus(draft, pod({}));
  expect(draft.status).toEqual(meant);
});
