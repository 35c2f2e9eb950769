import type { Pod } from '../types.ts';

/** `true`: honoured, whatever is in it. A list: only these values are. A table: look inside. */
export type Honoured = true | readonly unknown[] | { readonly [field: string]: Honoured };

const action: Honoured = {
  exec: { command: true },
  httpGet: { path: true, port: true, host: true, scheme: true, httpHeaders: true },
  tcpSocket: { port: true, host: true },
};
const handler: Honoured = { ...action, sleep: true };
const probe: Honoured = {
  ...action,
  grpc: { port: true, service: true },
  initialDelaySeconds: true,
  timeoutSeconds: true,
  periodSeconds: true,
  successThreshold: true,
  failureThreshold: true,
  terminationGracePeriodSeconds: true,
};

const env: Honoured = {
  name: true,
  value: true,
  valueFrom: { fieldRef: true, resourceFieldRef: true, configMapKeyRef: true, secretKeyRef: true },
};

const container: { readonly [field: string]: Honoured } = {
  name: true,
  image: true,
  command: true,
  args: true,
  workingDir: true,
  ports: { name: true, hostPort: true, containerPort: true, protocol: true, hostIP: true },
  envFrom: { prefix: true, configMapRef: true, secretRef: true },
  env,
  resources: { limits: { cpu: true, memory: true }, requests: true },
  resizePolicy: true,
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  restartPolicyRules: { action: ['Restart'], exitCodes: true },
  volumeMounts: {
    name: true,
    mountPath: true,
    readOnly: true,
    subPath: true,
    subPathExpr: true,
    mountPropagation: true,
    recursiveReadOnly: ['Disabled', 'IfPossible'],
  },
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: { postStart: handler, preStop: handler },
  terminationMessagePath: true,
  terminationMessagePolicy: true,
  imagePullPolicy: true,
  securityContext: {
    privileged: true,
    capabilities: { add: true, drop: true },
    runAsUser: true,
    runAsGroup: true,
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: true,
    procMount: ['Default', 'Unmasked'],
    seccompProfile: true,
    seLinuxOptions: true,
  },
  stdin: true,
  stdinOnce: true,
  tty: true,
};

const keyed: Honoured = { name: true, secretName: true, items: true, defaultMode: true, optional: true };
const volume: Honoured = {
  name: true,
  emptyDir: { medium: ['', 'Memory'], sizeLimit: true },
  configMap: keyed,
  secret: keyed,
  downwardAPI: { items: true, defaultMode: true },
  projected: {
    defaultMode: true,
    sources: { configMap: keyed, secret: keyed, downwardAPI: { items: true }, serviceAccountToken: true },
  },
  hostPath: true,
};

/** What a node does about each field of a pod's spec. A field that is missing here is refused by name, never ignored. */
export const podSpec: Honoured = {
  containers: container,
  initContainers: container,
  ephemeralContainers: { ...container, targetContainerName: true },
  volumes: volume,
  restartPolicy: true,
  terminationGracePeriodSeconds: true,
  activeDeadlineSeconds: true,
  dnsPolicy: true,
  dnsConfig: true,
  nodeSelector: true,
  serviceAccountName: true,
  serviceAccount: true,
  automountServiceAccountToken: true,
  nodeName: true,
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  shareProcessNamespace: true,
  securityContext: {
    runAsUser: true,
    runAsGroup: true,
    runAsNonRoot: true,
    supplementalGroups: true,
    supplementalGroupsPolicy: ['Merge'],
    fsGroup: true,
    fsGroupChangePolicy: true,
    seccompProfile: true,
    seLinuxOptions: true,
    sysctls: true,
  },
  imagePullSecrets: true,
  hostname: true,
  hostnameOverride: true,
  subdomain: true,
  affinity: true,
  schedulerName: true,
  tolerations: true,
  hostAliases: true,
  priorityClassName: true,
  priority: true,
  readinessGates: true,
  enableServiceLinks: true,
  preemptionPolicy: true,
  overhead: true,
  topologySpreadConstraints: true,
  setHostnameAsFQDN: true,
  os: { name: ['linux'] },
  hostUsers: [true],
  schedulingGates: true,
};

/** The paths of fields that this node does not honour, as Kubernetes writes paths. Empty: the pod may run. */
export function unhonouredFields(pod: Pod): readonly string[] {
  return [...faultsIn(pod.spec, podSpec, 'spec')];
}

function* faultsIn(value: unknown, honoured: Honoured | undefined, path: string): Generator<string> {
  if (value === undefined || value === null || honoured === true || isEmpty(value)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* faultsIn(item, honoured, `${path}[${index}]`);
  } else if (honoured === undefined) yield path;
  else if (Array.isArray(honoured)) {
    if (!honoured.includes(value)) yield path;
  } else if (typeof value === 'object') {
    const table = honoured as { readonly [field: string]: Honoured };
    for (const [field, inner] of Object.entries(value)) yield* faultsIn(inner, table[field], `${path}.${field}`);
  } else yield path;
}

/** Said, but nothing said: `{}`, `[]`, `''` ask for nothing. */
function isEmpty(value: unknown): boolean {
  if (value === '') return true;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
