import { join } from 'node:path';
import { before, qosClass, quantityMilli, quantityValue } from '@kubernest/meta';
import type {
  ContainerConfig,
  ContainerResources,
  ContainerSecurity,
  ImageState,
  Mount,
} from '@kubernest/runtime/contract';
import type { Container, Pod } from '../types.ts';
import { ConfigError } from './config-error.ts';
import { ExecSize, withinOne } from './exec-size.ts';
import { expand } from './expand.ts';
import { identityOf, type PodContainer } from './pod.ts';

export interface ContainerInputs {
  readonly pod: Pod;
  readonly entry: PodContainer;
  readonly attempt: number;
  readonly sandboxId: string;
  /** The container whose processes an ephemeral one wants to see. */
  readonly targetId?: string;
  readonly image: ImageState;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  /** For the share of memory that decides who dies first. */
  readonly nodeMemoryBytes: number;
  readonly seccompDir: string;
  readonly log: { readonly maxBytes: number; readonly maxFiles: number };
}

/** Annotations that tell a restarted agent what it needs to stop and report a container whose pod is gone. */
export const GRACE_ANNOTATION = 'kubernest.io/termination-grace-seconds';

/** What the registry calls the image that the container was made from: `repository@digest`. Absent for an image that came from none. */
export const IMAGE_DIGEST_ANNOTATION = 'kubernest.io/image-digest';

/** What the engine is asked to make of a container of a pod. */
export function containerConfig(inputs: ContainerInputs): ContainerConfig {
  const { pod, entry, env, image } = inputs;
  const { container } = entry;
  // The first of a name, as whoever reads them one after the other.
  const values = new Map(env.toReversed().map(({ name, value }) => [name, value]));
  const lookup = (name: string): string | undefined => values.get(name);
  const size = new ExecSize();
  const argument = (word: string): string => {
    const expanded = expand(word, { lookup, grown: withinOne });
    size.take(expanded.length);
    return expanded;
  };
  return {
    pod: identityOf(pod),
    sandboxId: inputs.sandboxId,
    name: container.name,
    attempt: inputs.attempt,
    kind: entry.kind,
    imageId: image.id,
    image: container.image ?? '',
    command: container.command?.map(argument),
    args: container.args?.map(argument),
    workingDir: container.workingDir,
    env: inputs.env,
    mounts: inputs.mounts,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    resources: containerResources(pod, container, inputs.nodeMemoryBytes),
    security: containerSecurity(pod, container, image, inputs.seccompDir),
    pidNamespace: pidNamespaceOf(pod, inputs.targetId),
    labels: {},
    annotations: {
      [GRACE_ANNOTATION]: String(pod.spec?.terminationGracePeriodSeconds ?? 30),
      ...digestAnnotation(image, container.image ?? ''),
    },
    log: inputs.log,
  };
}

/** An image may have come from several registries: the one that the pod names counts. */
function digestAnnotation({ digests }: ImageState, reference: string): Readonly<Record<string, string>> {
  const repository = before(reference, '@').replace(/:[^/:]*$/, '');
  const digest = digests.find((each) => each.startsWith(`${repository}@`)) ?? digests[0];
  return digest === undefined ? {} : { [IMAGE_DIGEST_ANNOTATION]: digest };
}

function pidNamespaceOf(pod: Pod, targetId: string | undefined): ContainerConfig['pidNamespace'] {
  if (pod.spec?.hostPID) return 'host';
  if (pod.spec?.shareProcessNamespace) return 'pod';
  return targetId === undefined ? 'container' : { of: targetId };
}

const CPU_PERIOD_MICROSECONDS = 100_000;

export function containerResources(pod: Pod, container: Container, nodeMemoryBytes: number): ContainerResources {
  const limits = container.resources?.limits ?? {};
  const requests = container.resources?.requests ?? {};
  const cpuRequest = requests['cpu'] ?? limits['cpu'];
  const memoryRequest = requests['memory'] ?? limits['memory'];
  return {
    // The kernel's own bounds: 2…262144.
    cpuShares:
      cpuRequest === undefined
        ? 2
        : Math.min(262_144, Math.max(2, Math.floor((quantityMilli(cpuRequest) * 1024) / 1000))),
    ...(limits['cpu'] === undefined
      ? {}
      : {
          cpuPeriod: CPU_PERIOD_MICROSECONDS,
          cpuQuota: Math.max(1000, quantityMilli(limits['cpu']) * (CPU_PERIOD_MICROSECONDS / 1000)),
        }),
    ...(limits['memory'] === undefined ? {} : { memoryLimit: quantityValue(limits['memory']) }),
    oomScoreAdj: oomScore(pod, memoryRequest === undefined ? 0 : quantityValue(memoryRequest), nodeMemoryBytes),
  };
}

function oomScore(pod: Pod, memoryRequest: number, nodeMemoryBytes: number): number {
  if (pod.spec?.priorityClassName === 'system-node-critical') return -997;
  const qos = qosClass(pod.spec);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const score = Math.floor(1000 - (1000 * memoryRequest) / nodeMemoryBytes);
  return Math.min(999, Math.max(3, score));
}

/** Whom the pod wants its processes to be; what it does not say is the image's to say. */
export function idsOf(pod: Pod, container: Container) {
  const ofPod = pod.spec?.securityContext ?? {};
  const own = container.securityContext ?? {};
  const groups = [...(ofPod.fsGroup === undefined ? [] : [ofPod.fsGroup]), ...(ofPod.supplementalGroups ?? [])];
  return {
    uid: own.runAsUser ?? ofPod.runAsUser,
    gid: own.runAsGroup ?? ofPod.runAsGroup,
    groups: [...new Set(groups)],
  };
}

export function containerSecurity(
  pod: Pod,
  container: Container,
  image: ImageState,
  seccompDir: string,
): ContainerSecurity {
  const ofPod = pod.spec?.securityContext ?? {};
  const own = container.securityContext ?? {};
  const { uid, gid, groups } = idsOf(pod, container);
  checkNonRoot(pod, container, own.runAsNonRoot ?? ofPod.runAsNonRoot, uid, image.user);
  const user = uid !== undefined ? String(uid) : gid !== undefined ? image.user.split(':')[0] || '0' : undefined;
  return {
    privileged: own.privileged ?? false,
    user: user === undefined ? undefined : gid === undefined ? user : `${user}:${gid}`,
    supplementalGroups: groups.map(String),
    readOnlyRootFilesystem: own.readOnlyRootFilesystem ?? false,
    allowPrivilegeEscalation: own.allowPrivilegeEscalation ?? true,
    addCapabilities: own.capabilities?.add ?? [],
    dropCapabilities: own.capabilities?.drop ?? [],
    seccompProfile: seccompProfile(own.seccompProfile ?? ofPod.seccompProfile, seccompDir),
    ...(own.procMount === 'Unmasked' ? { unmaskedProc: true } : {}),
    seLinux: own.seLinuxOptions ?? ofPod.seLinuxOptions,
  };
}

function seccompProfile(profile: { type: string; localhostProfile?: string } | undefined, dir: string): string {
  if (profile?.type === 'RuntimeDefault') return 'runtime/default';
  if (profile?.type !== 'Localhost') return 'unconfined';
  return join(dir, profile.localhostProfile ?? '');
}

function checkNonRoot(
  pod: Pod,
  container: Container,
  nonRoot: boolean | undefined,
  uid: number | undefined,
  imageUser: string,
): void {
  if (!nonRoot) return;
  const who = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`;
  if (uid === 0) throw new ConfigError(`container's runAsUser breaks non-root policy ${who}`);
  if (uid !== undefined) return;
  const name = imageUser.split(':')[0] ?? '';
  if (name === '' || name === '0')
    throw new ConfigError(`container has runAsNonRoot and image will run as root ${who}`);
  if (!/^\d+$/.test(name))
    throw new ConfigError(
      `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root ${who}`,
    );
}
