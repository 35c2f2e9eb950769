export * from './bearer-token.ts';
export {
  type CertificateRequest,
  type CertifiedKey,
  issueAuthority,
  issueCertificate,
  issueItself,
  leafLifetime,
  usagesOf,
} from './certificate.ts';
export * from './certificate-check.ts';
export {
  type CertificateFiles,
  type IssuedFiles,
  isDiskFull,
  loadHeld,
  loadOrIssueFiles,
  replaceFile,
} from './certificate-files.ts';
export * from './client-certificate.ts';
export * from './client-usage.ts';
export * from './cluster-secrets.ts';
export * from './follow-certificate.ts';
export * from './followed-transport.ts';
export * from './identities.ts';
export * from './sealing.ts';
export * from './sign-request.ts';
export * from './signing-request.ts';
export * from './token-signer.ts';
