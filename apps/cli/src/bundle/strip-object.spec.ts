import { readFileSync } from 'node:fs';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { blotter } from './blot.ts';
import { stripObject } from './strip-object.ts';

type Shapes = Readonly<Record<string, Readonly<Record<string, string>>>>;
const shapes: Shapes = JSON.parse(
  readFileSync(new URL('../../../../generated/schema/shapes.json', import.meta.url), 'utf8'),
);
const kinds = Object.keys(shapes).filter((name) => {
  const fields = Object.keys(shapes[name]!).join();
  return (
    fields.includes('apiVersion') && fields.includes('kind') && fields.includes('metadata') && !name.endsWith('List')
  );
});

/** A value of the type with every field that it may have, and `text(path)` in every text; what is in itself is there once. */
function filled(type: string, text: (path: string) => string, path: readonly string[] = []): unknown {
  if (type.startsWith('[]')) return [filled(type.slice(2), text, path)];
  if (type.startsWith('{}')) return { any: filled(type.slice(2), text, [...path, 'any']) };
  if (type === 'number') return 7;
  if (type === 'boolean') return true;
  const fields = shapes[type];
  if (!fields || path.length > 14) return text(path.join('.'));
  const names = Object.entries(fields).map(([name, of]) => [name.replace('!', ''), of] as const);
  return Object.fromEntries(names.map(([name, of]) => [name, filled(of, text, [...path, name])]));
}

const pod = 'io.k8s.api.core.v1.Pod';
const object = (kind: string, text: (path: string) => string) => filled(kind, text) as KubeObject;

it('looks at kinds', () => expect(kinds).toContain(pod));

describe.each(kinds)('of %s', (kind) => {
  it("a Secret's value is in no field, short and long", () => {
    for (const secret of ['xyzzy', 'correct horse']) {
      const text = JSON.stringify(blotter([secret]).value(stripObject(object(kind, () => secret))));
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64'));
    }
  });

  it('nothing is left of a field that nobody knows, of annotations and of data', () => {
    const plants = {
      command: 'a',
      other: 'PLANT',
      metadata: { annotations: { name: 'PLANT', 'x/password-x': 'PLANT' } },
    };
    const odd = {
      data: { name: 'PLANT' },
      binaryData: { kind: 'PLANT' },
      stringData: { message: 'PLANT' },
      spec: plants,
    };
    const given = object(kind, (path) => path);
    const metadata = { ...given.metadata, ...plants.metadata };
    expect(JSON.stringify(stripObject({ ...given, ...odd, metadata } as KubeObject))).not.toContain('PLANT');
  });
});

it('these are the texts of a container that stay, and no others', () => {
  const kept = JSON.stringify(stripObject(object(pod, (path) => `<${path}>`))).matchAll(/<spec\.containers\.([^>]*)>/g);
  expect([...kept].map(([, path]) => path).join(' ')).toMatchInlineSnapshot(
    `"env.name env.valueFrom.configMapKeyRef.key env.valueFrom.configMapKeyRef.name env.valueFrom.fieldRef.apiVersion env.valueFrom.fieldRef.fieldPath env.valueFrom.fileKeyRef.key env.valueFrom.fileKeyRef.path env.valueFrom.fileKeyRef.volumeName env.valueFrom.resourceFieldRef.containerName env.valueFrom.resourceFieldRef.divisor env.valueFrom.resourceFieldRef.resource env.valueFrom.secretKeyRef.key env.valueFrom.secretKeyRef.name envFrom.configMapRef.name envFrom.secretRef.name image imagePullPolicy lifecycle.postStart.httpGet.host lifecycle.postStart.httpGet.httpHeaders.name lifecycle.postStart.httpGet.path lifecycle.postStart.httpGet.port lifecycle.postStart.httpGet.scheme lifecycle.postStart.tcpSocket.host lifecycle.postStart.tcpSocket.port lifecycle.preStop.httpGet.host lifecycle.preStop.httpGet.httpHeaders.name lifecycle.preStop.httpGet.path lifecycle.preStop.httpGet.port lifecycle.preStop.httpGet.scheme lifecycle.preStop.tcpSocket.host lifecycle.preStop.tcpSocket.port lifecycle.stopSignal livenessProbe.grpc.service livenessProbe.httpGet.host livenessProbe.httpGet.httpHeaders.name livenessProbe.httpGet.path livenessProbe.httpGet.port livenessProbe.httpGet.scheme livenessProbe.tcpSocket.host livenessProbe.tcpSocket.port name ports.hostIP ports.name ports.protocol readinessProbe.grpc.service readinessProbe.httpGet.host readinessProbe.httpGet.httpHeaders.name readinessProbe.httpGet.path readinessProbe.httpGet.port readinessProbe.httpGet.scheme readinessProbe.tcpSocket.host readinessProbe.tcpSocket.port resizePolicy.restartPolicy resources.claims.name resources.limits.any resources.requests.any restartPolicy restartPolicyRules.action restartPolicyRules.exitCodes.operator securityContext.appArmorProfile.localhostProfile securityContext.appArmorProfile.type securityContext.capabilities.add securityContext.capabilities.drop securityContext.procMount securityContext.seLinuxOptions.level securityContext.seLinuxOptions.role securityContext.seLinuxOptions.type securityContext.seccompProfile.localhostProfile securityContext.seccompProfile.type startupProbe.grpc.service startupProbe.httpGet.host startupProbe.httpGet.httpHeaders.name startupProbe.httpGet.path startupProbe.httpGet.port startupProbe.httpGet.scheme startupProbe.tcpSocket.host startupProbe.tcpSocket.port terminationMessagePath terminationMessagePolicy volumeDevices.devicePath volumeDevices.name volumeMounts.mountPath volumeMounts.mountPropagation volumeMounts.name volumeMounts.recursiveReadOnly volumeMounts.subPath volumeMounts.subPathExpr workingDir"`,
  );
});

it('who looks for a fault still finds what the cluster says of it', () => {
  const { metadata, status } = stripObject(object(pod, (path) => path)) as {
    metadata: object;
    status: { conditions: object[]; containerStatuses: { state: object }[] };
  };
  expect(metadata).toMatchObject({ name: 'metadata.name', labels: { any: 'metadata.labels.any' } });
  expect(status.conditions[0]).toMatchObject({ message: 'status.conditions.message' });
  expect(status.containerStatuses[0]?.state).toMatchObject({
    waiting: { reason: 'status.containerStatuses.state.waiting.reason' },
    terminated: { exitCode: 7, message: '[removed]' },
  });
});
