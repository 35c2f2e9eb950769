export * from './certificate.ts';
export * from './certificate-check.ts';
export { type CertificateFiles, type IssuedFiles, loadOrIssueFiles, replaceFile } from './certificate-files.ts';
export * from './client-certificate.ts';
export * from './cluster-secrets.ts';
export * from './follow-certificate.ts';
export * from './identities.ts';
export * from './sealing.ts';
export * from './token-signer.ts';
