import type { Lease } from '@kubernest/api-types/coordination/v1';
import type { Node } from '@kubernest/api-types/core/v1';
import type { KubeObject, WireTime } from '@kubernest/meta';

export const nodeLeaseNamespace = 'kube-node-lease';

/** A simulated machine as its Node object: 32 cores, 256 GiB, 110 pods. */
export function hollowNode(name: string, address: string, version: string, now: WireTime): Node & KubeObject {
  const capacity = { cpu: '32', memory: '256Gi', pods: '110', 'ephemeral-storage': '1Ti' };
  const healthy = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernest.io/hollow': 'true',
      },
    },
    spec: {},
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        healthy('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        healthy('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        healthy('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        healthy('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      nodeInfo: {
        architecture: 'amd64',
        bootID: name,
        containerRuntimeVersion: 'hollow://1',
        kernelVersion: 'simulated',
        kubeProxyVersion: version,
        kubeletVersion: version,
        machineID: name,
        operatingSystem: 'linux',
        osImage: 'simulated',
        systemUUID: name,
      },
    },
  };
}

export function nodeLease(name: string, seconds: number, renewTime: WireTime): Lease & KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: nodeLeaseNamespace },
    spec: { holderIdentity: name, leaseDurationSeconds: seconds, renewTime },
  };
}

/** Of 240.0.0.0/4, which is nobody's on any network: who asks for the log of a simulated pod must not reach a stranger's machine. */
const firstByte = { node: 245, pod: 246 };

/** The n-th of 16 million addresses, never ending in 0 or 255. */
export function hollowAddress(n: number, of: keyof typeof firstByte): string {
  return `${firstByte[of]}.${Math.floor(n / (254 * 256)) % 256}.${Math.floor(n / 254) % 256}.${(n % 254) + 1}`;
}
