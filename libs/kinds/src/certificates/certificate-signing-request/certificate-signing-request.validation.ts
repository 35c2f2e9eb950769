import { X509Certificate } from 'node:crypto';
import { faultsOfEach, type ValidationContext } from '@kubernest/definitions';
import { messageOf } from '@kubernest/kit';
import {
  type FieldError,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
} from '@kubernest/meta';
import type { CertificateSigningRequest } from '../../types.ts';
import { parseCertificateRequest } from '../types/certificate-request.ts';
import { keyUsages } from '../types/key-usages.ts';
import { pemBlocks, pemBytes } from '../types/pem.ts';
import { signatureFault } from '../types/request-signature.ts';
import { validateSignerName } from '../types/signer-name.validation.ts';
import { conditionsOf, ofType } from './certificate-signing-request.conditions.ts';

const legacySigner = 'kubernetes.io/legacy-unknown';
const decisions = ['Approved', 'Denied'];
/** They hold or are not there. */
const trueOnly = [...decisions, 'Failed'];

type Csr = CertificateSigningRequest;

export function validateCertificateSigningRequest(csr: Csr, context: ValidationContext): FieldError[] {
  const old = context.old as Csr | undefined;
  const { request, signerName, expirationSeconds } = csr.spec ?? {};
  const fault = requestFault(request ?? '');
  const faults: FieldError[] = fault ? [fieldInvalid('spec.request', request ?? '', fault)] : [];
  faults.push(...usageFaults(csr, old));
  if (signerName === legacySigner && old?.spec?.signerName !== legacySigner)
    faults.push(
      fieldInvalid('spec.signerName', signerName, 'the legacy signerName is not allowed via this API version'),
    );
  else faults.push(...validateSignerName('spec.signerName', signerName));
  if (expirationSeconds !== undefined && expirationSeconds < 600)
    faults.push(
      fieldInvalid(
        'spec.expirationSeconds',
        expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    );
  faults.push(...conditionFaults(csr, old));
  const certificate = csr.status?.certificate;
  const mayBeAnything =
    old && (certificate === old.status?.certificate || certificateFault(old.status?.certificate) !== undefined);
  const wrong = mayBeAnything ? undefined : certificateFault(certificate);
  return wrong ? [...faults, fieldInvalid('status.certificate', '<certificate data>', wrong)] : faults;
}

/** Who may set what is a matter of the subresource. */
export function validateCertificateSigningRequestUpdate(csr: Csr, old: Csr, context: ValidationContext): FieldError[] {
  const faults: FieldError[] = [];
  const count = (object: Csr, type: string) => ofType(object, type).length;
  for (const type of trueOnly)
    if (count(csr, type) < count(old, type))
      faults.push(fieldForbidden('status.conditions', `updates may not remove a condition of type "${type}"`));
  for (const type of context.subresource === 'approval' ? [] : decisions)
    if (count(csr, type) > count(old, type))
      faults.push(fieldForbidden('status.conditions', `updates may not add a condition of type "${type}"`));
  const [certificate = '', before = ''] = [csr.status?.certificate, old.status?.certificate];
  if (certificate === before) return faults;
  if (context.subresource !== 'status')
    faults.push(fieldForbidden('status.certificate', 'updates may not set certificate content'));
  else if (before !== '')
    faults.push(fieldForbidden('status.certificate', 'updates may not modify existing certificate content'));
  return faults;
}

/** Undefined for a request that its signer's key signed. */
function requestFault(request: string): string | undefined {
  try {
    return signatureFault(parseCertificateRequest(request));
  } catch (error) {
    return messageOf(error);
  }
}

function usageFaults({ spec }: Csr, old: Csr | undefined): FieldError[] {
  const usages = spec?.usages ?? [];
  if (usages.length === 0) return [fieldRequired('spec.usages')];
  const before = old?.spec?.usages ?? [];
  const hadUnknown = before.some((each) => !keyUsages.includes(each));
  const hadRepeated = new Set(before).size < before.length;
  const unknown = hadUnknown
    ? []
    : faultsOfEach(usages, (usage, i) =>
        keyUsages.includes(usage) ? [] : [fieldNotSupported(`spec.usages[${i}]`, usage, keyUsages)],
      );
  const seen = new Set<string>();
  const repeated = faultsOfEach(usages, (usage, i) => {
    const isFirst = !seen.has(usage);
    seen.add(usage);
    return isFirst || hadRepeated ? [] : [fieldDuplicate(`spec.usages[${i}]`, usage)];
  });
  return [...unknown, ...repeated];
}

function conditionFaults(csr: Csr, old: Csr | undefined): FieldError[] {
  const before = old ? conditionsOf(old).map(({ type }) => String(type ?? '')) : [];
  const wasBoth = decisions.every((type) => before.includes(type));
  const hadRepeated = new Set(before).size < before.length;
  const seen = new Set<string>();
  return faultsOfEach(conditionsOf(csr), (condition, i) => {
    const path = `status.conditions[${i}]`;
    const [type, status] = [String(condition.type ?? ''), String(condition.status ?? '')];
    const faults: FieldError[] = [];
    if (type === '' && !before.includes('')) faults.push(fieldRequired(`${path}.type`));
    const statuses = trueOnly.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') faults.push(fieldRequired(`${path}.status`));
    else if (!statuses.includes(status)) faults.push(fieldNotSupported(`${path}.status`, status, statuses));
    const other = decisions.includes(type) ? decisions.find((each) => each !== type) : undefined;
    if (other !== undefined && seen.has(other) && !wasBoth)
      faults.push(fieldInvalid('status.conditions', type, 'Approved and Denied conditions are mutually exclusive'));
    if (seen.has(type) && !hadRepeated) faults.push(fieldDuplicate(`${path}.type`, type));
    seen.add(type);
    return faults;
  });
}

/** Undefined for certificates in PEM, and for none. */
function certificateFault(base64: string | undefined): string | undefined {
  if (!base64) return undefined;
  const blocks = pemBlocks(base64);
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  for (const block of blocks) {
    if (block.type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found "${block.type}"`;
    if (block.hasHeaders) return 'no PEM block headers are permitted';
    if (pemBytes(block).length === 0) return 'found CERTIFICATE PEM block containing 0 certificates';
    try {
      new X509Certificate(block.text);
    } catch {
      return 'x509: malformed certificate';
    }
  }
  return undefined;
}
