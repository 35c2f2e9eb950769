import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { pullPolicyOf } from '../types/container.defaults.ts';
import { podDefaults } from './pod.defaults.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes out is looked at field by field
function defaulted(spec: Record<string, unknown>): any {
  const pod = { metadata: { name: 'web' }, spec: structuredClone(spec) };
  podDefaults(pod as KubeObject);
  return pod.spec;
}

describe('the defaults of a pod', () => {
  it.each([
    ['web', 'Always'],
    ['web:latest', 'Always'],
    ['web:1', 'IfNotPresent'],
    ['registry.example:5000/web', 'Always'],
    ['registry.example:5000/web:1', 'IfNotPresent'],
    ['web@sha256:abc', 'IfNotPresent'],
    ['web:latest@sha256:abc', 'Always'],
  ])('image %s is pulled %s', (image, policy) => {
    expect(pullPolicyOf(image)).toBe(policy);
  });

  it('a bare container gets all that a client would see', () => {
    expect(defaulted({ containers: [{ name: 'web', image: 'web:1' }] })).toEqual({
      containers: [
        {
          name: 'web',
          image: 'web:1',
          imagePullPolicy: 'IfNotPresent',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    });
  });

  it('what is said stays, zero included', () => {
    const spec = defaulted({
      containers: [{ name: 'a', image: 'a', imagePullPolicy: 'Never' }],
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      enableServiceLinks: false,
    });
    expect(spec).toMatchObject({ restartPolicy: 'Never', terminationGracePeriodSeconds: 0, enableServiceLinks: false });
    expect(spec.containers[0].imagePullPolicy).toBe('Never');
  });

  it('a limit asks for as much, unless a request says otherwise', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } };
    const spec = defaulted({ containers: [{ name: 'a', image: 'a:1', resources }] });
    expect(spec.containers[0].resources.requests).toEqual({ cpu: '500m', memory: '1Gi' });
  });

  it('probes and volumes are filled in', () => {
    const spec = defaulted({
      containers: [{ name: 'a', image: 'a:1', livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5 } }],
      volumes: [
        { name: 'none' },
        { name: 'c', configMap: { name: 'c' } },
        { name: 'h', hostPath: { path: '/x' } },
        { name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
      ],
    });
    expect(spec.containers[0].livenessProbe).toEqual({
      httpGet: { port: 80, path: '/', scheme: 'HTTP' },
      periodSeconds: 5,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: 3,
    });
    expect(spec.volumes).toEqual([
      { name: 'none', emptyDir: {} },
      { name: 'c', configMap: { name: 'c', defaultMode: 420 } },
      { name: 'h', hostPath: { path: '/x', type: '' } },
      {
        name: 't',
        projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }] },
      },
    ]);
  });

  it('ports of the host network are the host’s ports', () => {
    const spec = defaulted({
      hostNetwork: true,
      containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80 }] }],
    });
    expect(spec.containers[0].ports).toEqual([{ containerPort: 80, protocol: 'TCP', hostPort: 80 }]);
  });

  it('references to the pod itself are to this version of it, undivided', () => {
    const spec = defaulted({
      containers: [
        {
          name: 'a',
          image: 'a:1',
          env: [
            { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          ],
        },
      ],
      volumes: [{ name: 'd', downwardAPI: { items: [{ path: 'p', fieldRef: { fieldPath: 'metadata.labels' } }] } }],
    });
    expect(spec.containers[0].env[0].valueFrom.fieldRef.apiVersion).toBe('v1');
    expect(spec.containers[0].env[1].valueFrom.resourceFieldRef.divisor).toBe('0');
    expect(spec.volumes[0].downwardAPI.items[0].fieldRef.apiVersion).toBe('v1');
  });

  it('a pod limited as a whole asks for what its containers ask, else for its limit', () => {
    const container = (name: string, cpu: string) => ({ name, image: 'a:1', resources: { requests: { cpu } } });
    const spec = defaulted({
      containers: [container('a', '300m'), container('b', '500m')],
      resources: { limits: { cpu: '2', memory: '1Gi' } },
    });
    expect(spec.resources.requests).toEqual({ cpu: '800m', memory: '1Gi' });
  });

  it('a time to end that is negative is a second', () => {
    expect(defaulted({ containers: [], terminationGracePeriodSeconds: -5 }).terminationGracePeriodSeconds).toBe(1);
  });
});
