import { X509Certificate } from 'node:crypto';
import {
  type FieldError,
  fieldInvalid,
  fieldRequired,
  parseGoUrl,
  validateDns1123Subdomain,
  validatePortNumber,
} from '@kubernest/meta';
import type { WebhookClient } from './definition-parts.ts';

const form = '; desired format: https://host[/path]';

export function validateWebhookUrl(text: string, field: string): FieldError[] {
  const { url, fault } = parseGoUrl(text);
  if (url === undefined) return [fieldRequired(field, `url must be a valid URL: ${fault}${form}`)];
  const { scheme, host, user, fragment, query } = url;
  const faults: FieldError[] = [];
  const report = (value: string, words: string) => faults.push(fieldInvalid(field, value, words));
  if (scheme !== 'https') report(scheme, `'https' is the only allowed URL scheme${form}`);
  if (host === '') report(host, `host must be specified${form}`);
  if (user !== undefined) report(user, 'user information is not permitted in the URL');
  if (fragment !== '') report(fragment, 'fragments are not permitted in the URL');
  if (query !== '') report(query, 'query parameters are not permitted in the URL');
  return faults;
}

/** compat: of a converter's service a missing name is told of its namespace, and the other way round. */
export function validateConverterService(service: NonNullable<WebhookClient['service']>, path: string): FieldError[] {
  const { name, namespace, port = 0 } = service;
  const wrongPort = validatePortNumber(port);
  return [
    ...(namespace ? [] : [fieldRequired(`${path}.name`)]),
    ...(name ? [] : [fieldRequired(`${path}.namespace`)]),
    ...(wrongPort.length > 0 ? [fieldInvalid(`${path}.port`, port, `port is not valid: ${wrongPort.join(', ')}`)] : []),
    ...validateUrlPath(service.path, `${path}.path`),
  ];
}

function validateUrlPath(path: string | undefined, field: string): FieldError[] {
  if (!path || path === '/') return [];
  const faults = path.startsWith('/') ? [] : ["must start with a '/'"];
  const segments = path.slice(1).replace(/\/$/, '').split('/');
  for (const [i, segment] of segments.entries()) {
    if (segment === '') faults.push(`segment[${i}] may not be empty`);
    else for (const fault of validateDns1123Subdomain(segment)) faults.push(`segment[${i}]: ${fault}`);
    if (faults.length > MOST_SEGMENT_FAULTS) break;
  }
  return faults.map((fault) => fieldInvalid(field, path, fault));
}

/** Each is told with the whole path. */
const MOST_SEGMENT_FAULTS = 100;

export function validateCaBundle(base64: string | undefined, field: string): FieldError[] {
  if (!base64) return [];
  const fault = faultOfCertificates(Buffer.from(base64, 'base64').toString('latin1'));
  return fault === undefined ? [] : [fieldInvalid(field, base64, `unable to load root certificates: ${fault}`)];
}

/** One certificate is enough. */
function faultOfCertificates(pem: string): string | undefined {
  const blocks = pem.match(/^-----BEGIN CERTIFICATE-----\s[^-]*-----END CERTIFICATE-----\s*$/gm) ?? [];
  const faults = blocks.map(faultOfCertificate);
  if (faults.includes(undefined)) return undefined;
  return faults[0] ?? (pem.includes('-----BEGIN ') ? 'no valid certificate authority data seen' : noBlock);
}

const noBlock = 'unable to parse bytes as PEM block';

function faultOfCertificate(pem: string): string | undefined {
  try {
    new X509Certificate(pem);
    return undefined;
  } catch {
    return 'failed to parse certificate: x509: malformed certificate';
  }
}
