import type { ContainerConfig } from '../container.ts';
import type { SandboxConfig } from '../sandbox.ts';

let serial = 0;

export function sandboxConfig(over: Partial<SandboxConfig> = {}): SandboxConfig {
  serial += 1;
  const uid = `00000000-0000-4000-8000-${String(process.pid).padStart(6, '0')}${String(serial).padStart(6, '0')}`;
  return {
    pod: { uid, name: `pod-${serial}`, namespace: 'suite' },
    attempt: 0,
    hostname: `pod-${serial}`,
    network: 'pod',
    hostPid: false,
    hostIpc: false,
    labels: { app: 'suite', 'io.kubernetes.pod.uid': 'not-mine' },
    annotations: { 'example.com/why': 'to be kept' },
    ...over,
  };
}

export function containerConfig(
  sandbox: { readonly id: string; readonly pod: SandboxConfig['pod'] },
  image: { readonly id: string; readonly name: string },
  script: string,
  over: Partial<ContainerConfig> = {},
): ContainerConfig {
  return {
    pod: sandbox.pod,
    sandboxId: sandbox.id,
    name: 'main',
    attempt: 0,
    kind: 'app',
    imageId: image.id,
    image: image.name,
    command: ['/bin/busybox', 'sh', '-c', script],
    args: undefined,
    workingDir: undefined,
    env: [],
    mounts: [],
    stdin: false,
    stdinOnce: false,
    tty: false,
    resources: {},
    security: {
      privileged: false,
      supplementalGroups: [],
      readOnlyRootFilesystem: false,
      allowPrivilegeEscalation: false,
      addCapabilities: [],
      dropCapabilities: [],
    },
    pidNamespace: 'container',
    labels: {},
    annotations: { 'example.com/hash': '17' },
    log: { maxBytes: 10_000_000, maxFiles: 2 },
    ...over,
  };
}

/** Runs forever and ends at once when asked to. */
export const untilTold = 'trap "exit 0" TERM; while :; do /bin/busybox sleep 1000 & wait $!; done';
