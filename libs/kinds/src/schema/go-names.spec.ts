import { badRequest, decodeBySchema, type Json } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { apiSchema } from './built-in-schema.ts';

const options = { kind: 'Pod', version: 'v1' };
const pod = (spec: object): Json => ({ spec }) as unknown as Json;
const inContainer = (field: object) => pod({ containers: [{ name: 'c', ...field }] });

// What Kubernetes 1.36 says of each: types that another embeds, and texts and maps with a type of their own.
it.each([
  [
    pod({ volumes: [{ secret: { secretName: true } }] }),
    'bool',
    'SecretVolumeSource.spec.volumes.VolumeSource.secret.secretName',
    'string',
  ],
  [pod({ volumes: [{ name: 5 }] }), 'number', 'Volume.spec.volumes.name', 'string'],
  [
    pod({ ephemeralContainers: [{ args: 1.5 }] }),
    'number',
    'EphemeralContainer.spec.ephemeralContainers.EphemeralContainerCommon.args',
    '[]string',
  ],
  [
    inContainer({ livenessProbe: { exec: 5 } }),
    'number',
    'Probe.spec.containers.livenessProbe.ProbeHandler.exec',
    'v1.ExecAction',
  ],
  [
    inContainer({ envFrom: [{ secretRef: { name: 5 } }] }),
    'number',
    'SecretEnvSource.spec.containers.envFrom.secretRef.LocalObjectReference.name',
    'string',
  ],
  [inContainer({ imagePullPolicy: 5 }), 'number', 'Container.spec.containers.imagePullPolicy', 'v1.PullPolicy'],
  [
    inContainer({ resources: { limits: 5 } }),
    'number',
    'ResourceRequirements.spec.containers.resources.limits',
    'v1.ResourceList',
  ],
  [
    inContainer({ securityContext: { capabilities: { add: 'x' } } }),
    'string',
    'Capabilities.spec.containers.securityContext.capabilities.add',
    '[]v1.Capability',
  ],
  [{ metadata: { uid: 5 } }, 'number', 'ObjectMeta.metadata.uid', 'types.UID'],
])('%j', (value, kind, field, type) => {
  const why = `json: cannot unmarshal ${kind} into Go struct field ${field} of type ${type}`;
  const read = () => decodeBySchema(apiSchema('core/v1', 'Pod'), structuredClone(value), options);
  expect(read).toThrow(`Pod in version "v1" cannot be handled as a Pod: ${why}`);
});

it.each([
  [5, 'cannot convert int64 to v1.PullPolicy'],
  [true, 'unrecognized type: string'],
])('a conversion names a type only where there is one: %j', (imagePullPolicy, why) => {
  const told = { as: 'converted', refuse: badRequest } as const;
  const value = inContainer({ imagePullPolicy });
  expect(() => decodeBySchema(apiSchema('core/v1', 'Pod'), value, { ...options, told })).toThrow(why);
});
