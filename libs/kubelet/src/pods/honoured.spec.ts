import { apiSchema } from '@kubernest/kinds';
import type { Schema } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../types.ts';
import { type Honoured, podSpec, unhonouredFields } from './honoured.ts';

/** What of the schema is taken whole, type by type: a field that comes new into one of these would pass unseen. */
function takenWhole(schema: Schema, honoured: Honoured | undefined, found = new Map<string, string>()) {
  if (honoured === undefined || Array.isArray(honoured)) return found;
  const inner = schema.type === 'list' ? schema.items : schema;
  if (inner.type !== 'struct' || found.has(inner.name ?? '')) return found;
  if (honoured === true) found.set(inner.name ?? '', Object.keys(inner.fields).sort().join(' '));
  for (const [field, { schema: below }] of Object.entries(inner.fields))
    takenWhole(below, honoured === true ? true : (honoured as { [field: string]: Honoured })[field], found);
  return found;
}

/** A spec that says something in this field, whatever its place. */
function saying(schema: Schema): unknown {
  switch (schema.type) {
    case 'list':
      return [saying(schema.items)];
    case 'map':
      return { key: saying(schema.values) };
    case 'struct':
      return Object.fromEntries(Object.entries(schema.fields).map(([field, f]) => [field, saying(f.schema)]));
    case 'integer':
    case 'number':
      return 7;
    case 'boolean':
      return true;
    default:
      return 'said';
  }
}

describe('the fields that a node honours', () => {
  const spec = apiSchema('core/v1', 'PodSpec');

  it('are looked at one by one, but for types that are known whole', () => {
    expect(Object.fromEntries(takenWhole(spec, podSpec))).toMatchInlineSnapshot(`
      {
        "io.k8s.api.core.v1.Affinity": "nodeAffinity podAffinity podAntiAffinity",
        "io.k8s.api.core.v1.ConfigMapEnvSource": "name optional",
        "io.k8s.api.core.v1.ConfigMapKeySelector": "key name optional",
        "io.k8s.api.core.v1.ContainerResizePolicy": "resourceName restartPolicy",
        "io.k8s.api.core.v1.ContainerRestartRuleOnExitCodes": "operator values",
        "io.k8s.api.core.v1.DownwardAPIVolumeFile": "fieldRef mode path resourceFieldRef",
        "io.k8s.api.core.v1.HTTPHeader": "name value",
        "io.k8s.api.core.v1.HostAlias": "hostnames ip",
        "io.k8s.api.core.v1.HostPathVolumeSource": "path type",
        "io.k8s.api.core.v1.KeyToPath": "key mode path",
        "io.k8s.api.core.v1.LocalObjectReference": "name",
        "io.k8s.api.core.v1.NodeAffinity": "preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution",
        "io.k8s.api.core.v1.NodeSelector": "nodeSelectorTerms",
        "io.k8s.api.core.v1.NodeSelectorRequirement": "key operator values",
        "io.k8s.api.core.v1.NodeSelectorTerm": "matchExpressions matchFields",
        "io.k8s.api.core.v1.ObjectFieldSelector": "apiVersion fieldPath",
        "io.k8s.api.core.v1.PodAffinity": "preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution",
        "io.k8s.api.core.v1.PodAffinityTerm": "labelSelector matchLabelKeys mismatchLabelKeys namespaceSelector namespaces topologyKey",
        "io.k8s.api.core.v1.PodAntiAffinity": "preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution",
        "io.k8s.api.core.v1.PodDNSConfig": "nameservers options searches",
        "io.k8s.api.core.v1.PodDNSConfigOption": "name value",
        "io.k8s.api.core.v1.PodReadinessGate": "conditionType",
        "io.k8s.api.core.v1.PodSchedulingGate": "name",
        "io.k8s.api.core.v1.PreferredSchedulingTerm": "preference weight",
        "io.k8s.api.core.v1.ResourceFieldSelector": "containerName divisor resource",
        "io.k8s.api.core.v1.SELinuxOptions": "level role type user",
        "io.k8s.api.core.v1.SeccompProfile": "localhostProfile type",
        "io.k8s.api.core.v1.SecretEnvSource": "name optional",
        "io.k8s.api.core.v1.SecretKeySelector": "key name optional",
        "io.k8s.api.core.v1.ServiceAccountTokenProjection": "audience expirationSeconds path",
        "io.k8s.api.core.v1.SleepAction": "seconds",
        "io.k8s.api.core.v1.Sysctl": "name value",
        "io.k8s.api.core.v1.Toleration": "effect key operator tolerationSeconds value",
        "io.k8s.api.core.v1.TopologySpreadConstraint": "labelSelector matchLabelKeys maxSkew minDomains nodeAffinityPolicy nodeTaintsPolicy topologyKey whenUnsatisfiable",
        "io.k8s.api.core.v1.WeightedPodAffinityTerm": "podAffinityTerm weight",
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector": "matchExpressions matchLabels",
        "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement": "key operator values",
      }
    `);
  });

  it('are all there are, or are refused by name', () => {
    const pod = { metadata: {}, spec: saying(spec) } as unknown as Pod;
    const refused = new Set(
      unhonouredFields(pod).map((path) => path.replaceAll(/\[\d+\]/g, '').replace(/\.(init|ephemeral)C/, '.c')),
    );
    expect([...refused].sort()).toMatchInlineSnapshot(`
      [
        "spec.containers.env.valueFrom.fileKeyRef",
        "spec.containers.lifecycle.stopSignal",
        "spec.containers.resources.claims",
        "spec.containers.resources.limits.key",
        "spec.containers.restartPolicy",
        "spec.containers.restartPolicyRules.action",
        "spec.containers.securityContext.appArmorProfile",
        "spec.containers.securityContext.procMount",
        "spec.containers.securityContext.windowsOptions",
        "spec.containers.volumeDevices",
        "spec.containers.volumeMounts.recursiveReadOnly",
        "spec.os.name",
        "spec.resourceClaims",
        "spec.resources",
        "spec.runtimeClassName",
        "spec.schedulingGroup",
        "spec.securityContext.appArmorProfile",
        "spec.securityContext.seLinuxChangePolicy",
        "spec.securityContext.supplementalGroupsPolicy",
        "spec.securityContext.windowsOptions",
        "spec.volumes.awsElasticBlockStore",
        "spec.volumes.azureDisk",
        "spec.volumes.azureFile",
        "spec.volumes.cephfs",
        "spec.volumes.cinder",
        "spec.volumes.csi",
        "spec.volumes.emptyDir.medium",
        "spec.volumes.ephemeral",
        "spec.volumes.fc",
        "spec.volumes.flexVolume",
        "spec.volumes.flocker",
        "spec.volumes.gcePersistentDisk",
        "spec.volumes.gitRepo",
        "spec.volumes.glusterfs",
        "spec.volumes.image",
        "spec.volumes.iscsi",
        "spec.volumes.nfs",
        "spec.volumes.persistentVolumeClaim",
        "spec.volumes.photonPersistentDisk",
        "spec.volumes.portworxVolume",
        "spec.volumes.projected.sources.clusterTrustBundle",
        "spec.volumes.projected.sources.podCertificate",
        "spec.volumes.quobyte",
        "spec.volumes.rbd",
        "spec.volumes.scaleIO",
        "spec.volumes.storageos",
        "spec.volumes.vsphereVolume",
      ]
    `);
  });
});
