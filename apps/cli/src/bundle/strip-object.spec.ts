import { fileURLToPath } from 'node:url';
import { builtinKinds } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { declarationPaths } from '../../../../tools/schema/declarations.ts';
import { openApiName, ShapeCompiler } from '../../../../tools/schema/shapes.ts';
import { blotter } from './blot.ts';
import { told } from './cluster-objects.ts';
import { stripObject } from './strip-object.ts';

/** Every kind that Kubernetes has on, by the group that declares it, but for the definition of further ones: its schema is without an end. */
const roots = {
  'core/v1':
    'Namespace Node Pod Service Endpoints ConfigMap Secret ServiceAccount Event LimitRange PersistentVolume PersistentVolumeClaim PodTemplate ReplicationController ResourceQuota',
  'apps/v1': 'ReplicaSet Deployment ControllerRevision DaemonSet StatefulSet',
  'batch/v1': 'CronJob Job',
  'autoscaling/v1': 'HorizontalPodAutoscaler',
  'policy/v1': 'PodDisruptionBudget',
  'scheduling/v1': 'PriorityClass',
  'networking/v1': 'Ingress IngressClass IPAddress NetworkPolicy ServiceCIDR',
  'storage/v1': 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass',
  'node/v1': 'RuntimeClass',
  'certificates/v1': 'CertificateSigningRequest',
  'resource/v1': 'DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
  'apiregistration/v1': 'APIService',
  'admissionregistration/v1':
    'MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
  'flowcontrol/v1': 'FlowSchema PriorityLevelConfiguration',
  'rbac/v1': 'Role RoleBinding ClusterRole ClusterRoleBinding',
  'coordination/v1': 'Lease',
  'discovery/v1': 'EndpointSlice',
  'events/v1': 'Event',
  'meta/v1': '',
};
const named = Object.entries(roots).map(([group, kinds]) => [group, kinds.split(' ').filter(Boolean)] as const);
const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
const { shapes } = new ShapeCompiler(declarationPaths(modules), Object.fromEntries(named)).compile();
const kinds = named.flatMap(([group, names]) => names.map((name) => openApiName(group, name)));

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

it('what is told of are kinds whose fields are decided on, and all that are served and can be listed', () => {
  const known = new Set([...named.flatMap(([, names]) => names), 'CustomResourceDefinition']);
  const listed = builtinKinds.filter(({ verbs }) => verbs.includes('list'));
  expect(listed.filter(({ kind }) => !known.has(kind))).toEqual([]);
  const files = new Set(told.map(({ resource }) => resource));
  expect(listed.map(({ plural }) => plural).filter((plural) => !files.has(plural))).toEqual([]);
});

it('these are the fields whose texts are left out, of what kind ever: a further one is to be decided on', () => {
  const texts = kinds.flatMap((kind) => {
    const all = JSON.stringify(filled(kind, (path) => `<${path}>`)).matchAll(/<([^>]*)>/g);
    const left = new Set(JSON.stringify(stripObject(object(kind, (path) => `<${path}>`))).match(/<[^>]*>/g));
    return [...all].filter(([text]) => !left.has(text)).map(([, path]) => path!.split('.').slice(-2));
  });
  const fields = texts.map(([parent, name]) => (name === 'any' ? `${parent}.*` : (name ?? parent!)));
  expect([...new Set(fields)].toSorted().join(' ')).toMatchInlineSnapshot(
    `"allocationMultiplier annotations.* apiGroup apiVersion args attachmentMetadata.* binaryData.* bindingConditions bindingFailureConditions caBundle cachingMode capacityKey certificate certificateChainPath command containers counterSet credentialBundlePath data data.* datasetName datasetUUID default description directory diskName diskURI disruptedPods.* distinctAttribute endpoints expression externalID extra.* fieldRef fieldsType fieldsV1 gateway gmsaCredentialSpec gmsaCredentialSpecName groups hardwareAddress initiatorName interfaceName ips iqn iscsiInterface keyPath keyring kind kubeletConfigKey manager matchAttribute max message messageExpression min monitors mountOptions name namespace operation options.* parameters parameters.* pdID pdName pool portals prefix protectionDomain registry repository request requests resourceID resources.* revision runAsUserName scope secretFile server shareID shareName source step storageMode storagePolicyID storagePolicyName storagePool string stringData.* strings subresource system targetPortal targetWWNs tenant time url user userAnnotations.* username validValues value valueExpression versions volume volumeAttributes.* volumeHandle volumeID volumeNamespace volumePath warning wwids"`,
  );
});

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
    `"env.name env.valueFrom.configMapKeyRef.key env.valueFrom.configMapKeyRef.name env.valueFrom.fieldRef.apiVersion env.valueFrom.fieldRef.fieldPath env.valueFrom.fileKeyRef.key env.valueFrom.fileKeyRef.path env.valueFrom.fileKeyRef.volumeName env.valueFrom.resourceFieldRef.containerName env.valueFrom.resourceFieldRef.divisor env.valueFrom.resourceFieldRef.resource env.valueFrom.secretKeyRef.key env.valueFrom.secretKeyRef.name envFrom.configMapRef.name envFrom.secretRef.name image imagePullPolicy lifecycle.postStart.httpGet.host lifecycle.postStart.httpGet.httpHeaders.name lifecycle.postStart.httpGet.path lifecycle.postStart.httpGet.port lifecycle.postStart.httpGet.scheme lifecycle.postStart.tcpSocket.host lifecycle.postStart.tcpSocket.port lifecycle.preStop.httpGet.host lifecycle.preStop.httpGet.httpHeaders.name lifecycle.preStop.httpGet.path lifecycle.preStop.httpGet.port lifecycle.preStop.httpGet.scheme lifecycle.preStop.tcpSocket.host lifecycle.preStop.tcpSocket.port lifecycle.stopSignal livenessProbe.grpc.service livenessProbe.httpGet.host livenessProbe.httpGet.httpHeaders.name livenessProbe.httpGet.path livenessProbe.httpGet.port livenessProbe.httpGet.scheme livenessProbe.tcpSocket.host livenessProbe.tcpSocket.port name ports.hostIP ports.name ports.protocol readinessProbe.grpc.service readinessProbe.httpGet.host readinessProbe.httpGet.httpHeaders.name readinessProbe.httpGet.path readinessProbe.httpGet.port readinessProbe.httpGet.scheme readinessProbe.tcpSocket.host readinessProbe.tcpSocket.port resizePolicy.resourceName resizePolicy.restartPolicy resources.claims.name resources.limits.any resources.requests.any restartPolicy restartPolicyRules.action restartPolicyRules.exitCodes.operator securityContext.appArmorProfile.localhostProfile securityContext.appArmorProfile.type securityContext.capabilities.add securityContext.capabilities.drop securityContext.procMount securityContext.seLinuxOptions.level securityContext.seLinuxOptions.role securityContext.seLinuxOptions.type securityContext.seccompProfile.localhostProfile securityContext.seccompProfile.type startupProbe.grpc.service startupProbe.httpGet.host startupProbe.httpGet.httpHeaders.name startupProbe.httpGet.path startupProbe.httpGet.port startupProbe.httpGet.scheme startupProbe.tcpSocket.host startupProbe.tcpSocket.port terminationMessagePath terminationMessagePolicy volumeDevices.devicePath volumeDevices.name volumeMounts.mountPath volumeMounts.mountPropagation volumeMounts.name volumeMounts.recursiveReadOnly volumeMounts.subPath volumeMounts.subPathExpr workingDir"`,
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
