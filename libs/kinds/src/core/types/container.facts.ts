import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const containerFacts = facts(
  'io.k8s.api.core.v1',
  `
AppArmorProfile localhostProfile=2^ type=1'AppArmorProfileType+{Localhost|RuntimeDefault|Unconfined}
Capabilities add=1'Capability drop=2'Capability
ConfigMapEnvSource>LocalObjectReference name=1/1 optional=2^
ConfigMapKeySelector>LocalObjectReference@atomic key=2+ name=1/1 optional=3^
Container args=4 command=3 env=7@map(name)~merge(name) envFrom=19 image=2
  imagePullPolicy=14'PullPolicy{Always|IfNotPresent|Never} lifecycle=12 livenessProbe=10 name=1+
  ports=6@map(containerPort,protocol)~merge(containerPort) readinessProbe=11 resizePolicy=23 resources=8+
  restartPolicy=24'ContainerRestartPolicy^ restartPolicyRules=25 securityContext=15 startupProbe=22 stdin=16
  stdinOnce=17 terminationMessagePath=13
  terminationMessagePolicy=20'TerminationMessagePolicy{FallbackToLogsOnError|File} tty=18
  volumeDevices=21@map(devicePath)~merge(devicePath) volumeMounts=9@map(mountPath)~merge(mountPath) workingDir=5
ContainerPort containerPort=3+:int32 hostIP=5 hostPort=2:int32 name=1 protocol=4'Protocol{SCTP|TCP|UDP}!"TCP"
ContainerResizePolicy resourceName=1'ResourceName+ restartPolicy=2'ResourceResizeRestartPolicy+
ContainerRestartRule action=1'ContainerRestartRuleAction exitCodes=2
ContainerRestartRuleOnExitCodes operator=1'ContainerRestartRuleOnExitCodesOperator values=2:int32@set
EnvFromSource configMapRef=2 prefix=1 secretRef=3
EnvVar name=1+ value=2 valueFrom=3
EnvVarSource configMapKeyRef=3 fieldRef=1 fileKeyRef=5 resourceFieldRef=2 secretKeyRef=4
EphemeralContainer>EphemeralContainerCommon args=1/4 command=1/3 env=1/7@map(name)~merge(name) envFrom=1/19 image=1/2
  imagePullPolicy=1/14'PullPolicy{Always|IfNotPresent|Never} lifecycle=1/12 livenessProbe=1/10 name=1/1+
  ports=1/6@map(containerPort,protocol)~merge(containerPort) readinessProbe=1/11 resizePolicy=1/23 resources=1/8+
  restartPolicy=1/24'ContainerRestartPolicy^ restartPolicyRules=1/25 securityContext=1/15 startupProbe=1/22
  stdin=1/16 stdinOnce=1/17 targetContainerName=2 terminationMessagePath=1/13
  terminationMessagePolicy=1/20'TerminationMessagePolicy{FallbackToLogsOnError|File} tty=1/18
  volumeDevices=1/21@map(devicePath)~merge(devicePath) volumeMounts=1/9@map(mountPath)~merge(mountPath)
  workingDir=1/5
ExecAction command=1
FileKeySelector@atomic key=3+ optional=4^!false path=2+ volumeName=1+
GRPCAction port=1+:int32 service=2+^!""
HTTPGetAction host=3 httpHeaders=5 path=1 port=2+ scheme=4'URIScheme{HTTP|HTTPS}
HTTPHeader name=1+ value=2+
Lifecycle postStart=1 preStop=2
  stopSignal=3'Signal^{SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ}
LifecycleHandler exec=1 httpGet=2 sleep=4 tcpSocket=3
Probe>ProbeHandler exec=1/1 failureThreshold=6:int32 grpc=1/4 httpGet=1/2 initialDelaySeconds=2:int32
  periodSeconds=4:int32 successThreshold=5:int32 tcpSocket=1/3 terminationGracePeriodSeconds=7^:int64
  timeoutSeconds=3:int32
ResourceClaim name=1+ request=2
ResourceRequirements claims=3@map(name) limits=1'ResourceList:quantity requests=2'ResourceList:quantity
SELinuxOptions level=4 role=2 type=3 user=1
SeccompProfile localhostProfile=2^ type=1'SeccompProfileType+{Localhost|RuntimeDefault|Unconfined}
SecretEnvSource>LocalObjectReference name=1/1 optional=2^
SecretKeySelector>LocalObjectReference@atomic key=2+ name=1/1 optional=3^
SecurityContext allowPrivilegeEscalation=7^ appArmorProfile=12 capabilities=1 privileged=2^
  procMount=9'ProcMountType^{Default|Unmasked} readOnlyRootFilesystem=6^ runAsGroup=8^:int64 runAsNonRoot=5^
  runAsUser=4^:int64 seLinuxOptions=3 seccompProfile=11 windowsOptions=10
SleepAction seconds=1+:int64
TCPSocketAction host=2 port=1+
VolumeDevice devicePath=2+ name=1+
VolumeMount mountPath=3+ mountPropagation=5'MountPropagationMode^{Bidirectional|HostToContainer|None} name=1+
  readOnly=2 recursiveReadOnly=7'RecursiveReadOnlyMode^ subPath=4 subPathExpr=6
WindowsSecurityContextOptions gmsaCredentialSpec=2^ gmsaCredentialSpecName=1^ hostProcess=4^ runAsUserName=3^
`,
);
