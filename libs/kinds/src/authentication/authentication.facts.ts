import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const authenticationFacts = facts(
  'io.k8s.api.authentication.v1',
  `
BoundObjectReference name=3 uid=4'types.UID kind=1 apiVersion=2
SelfSubjectReview metadata=1+ status=2+
SelfSubjectReviewStatus userInfo=1+
TokenRequest metadata=1+ spec=2+ status=3+
TokenRequestSpec audiences=1+ boundObjectRef=3+ expirationSeconds=4+^:int64
TokenRequestStatus expirationTimestamp=2+ token=1+
TokenReview metadata=1+ spec=2+ status=3+
TokenReviewSpec audiences=2 token=1
TokenReviewStatus audiences=4 authenticated=1 error=3 user=2+
UserInfo extra=4 groups=3 uid=2 username=1
`,
);
