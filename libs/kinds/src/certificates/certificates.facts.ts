import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const certificatesFacts = facts(
  'io.k8s.api.certificates.v1',
  `
CertificateSigningRequest metadata=1+ spec=2+ status=3+
CertificateSigningRequestCondition lastTransitionTime=5+ lastUpdateTime=4+ message=3 reason=2
  status=6'ConditionStatus+ type=1'RequestConditionType+
CertificateSigningRequestSpec expirationSeconds=8^:int32 extra=6 groups=4 request=1+:byte signerName=7+ uid=3
  usages=5'KeyUsage{any|cert␣sign|client␣auth|code␣signing|content␣commitment|crl␣sign|data␣encipherment|decipher␣only|digital␣signature|email␣protection|encipher␣only|ipsec␣end␣system|ipsec␣tunnel|ipsec␣user|key␣agreement|key␣encipherment|microsoft␣sgc|netscape␣sgc|ocsp␣signing|s/mime|server␣auth|signing|timestamping}
  username=2
CertificateSigningRequestStatus certificate=2:byte conditions=1@map(type)
`,
);
