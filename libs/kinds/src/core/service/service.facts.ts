import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const serviceFacts = facts(
  'io.k8s.api.core.v1',
  `
ClientIPConfig timeoutSeconds=1^:int32
LoadBalancerIngress hostname=2 ip=1 ipMode=3'LoadBalancerIPMode^ ports=4
LoadBalancerStatus ingress=1
PortStatus error=3^ port=1+:int32 protocol=2'Protocol+{SCTP|TCP|UDP}
Service metadata=1+ spec=2+ status=3+
ServicePort appProtocol=6^ name=1 nodePort=5:int32 port=3+:int32 protocol=2'Protocol{SCTP|TCP|UDP}!"TCP"
  targetPort=4+
ServiceSpec allocateLoadBalancerNodePorts=20^ clusterIP=3 clusterIPs=18 externalIPs=5 externalName=10
  externalTrafficPolicy=11'ServiceExternalTrafficPolicy{Cluster|Local} healthCheckNodePort=12:int32
  internalTrafficPolicy=22'ServiceInternalTrafficPolicy^{Cluster|Local} ipFamilies=19'IPFamily{|IPv4|IPv6}
  ipFamilyPolicy=17'IPFamilyPolicy^{PreferDualStack|RequireDualStack|SingleStack} loadBalancerClass=21^
  loadBalancerIP=8 loadBalancerSourceRanges=9 ports=1@map(port,protocol)~merge(port) publishNotReadyAddresses=13
  selector=2@atomic sessionAffinity=7'ServiceAffinity{ClientIP|None} sessionAffinityConfig=14 trafficDistribution=23^
  type=4'ServiceType{ClusterIP|ExternalName|LoadBalancer|NodePort}
ServiceStatus conditions=2@map(type)~merge(type) loadBalancer=1+
SessionAffinityConfig clientIP=1
`,
);
