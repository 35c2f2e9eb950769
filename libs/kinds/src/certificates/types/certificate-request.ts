import { formatIp } from '@kubernest/meta';
import { type DerValue, derParts, derTags, derText, derValues, oidOf } from './der.ts';
import { pemBlocks, pemBytes } from './pem.ts';

/** What a request for a certificate (PKCS#10) asks for. */
export interface CertificateRequestFacts {
  /** DER. */
  readonly subject: Uint8Array;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  /** In their shortest form. */
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly signature: { readonly algorithm: string; readonly of: Uint8Array; readonly bytes: Uint8Array };
}

const oids = { commonName: '2.5.4.3', organization: '2.5.4.10' };
const extensionRequest = '1.2.840.113549.1.9.14';
const alternativeNames = '2.5.29.17';
const nameTags = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

/** Reads `spec.request`, a PEM block in base64. Throws for what is none; whether its signature is right is asked of `signatureFault`. */
export function parseCertificateRequest(base64: string): CertificateRequestFacts {
  const [block] = pemBlocks(base64);
  if (block?.type !== 'CERTIFICATE REQUEST') throw new Error('PEM block type must be CERTIFICATE REQUEST');
  const values = derValues(pemBytes(block));
  if (values.length > 1) throw new Error('x509: trailing data after the certificate request');
  const [info, algorithm, signature] = derParts(values[0], derTags.sequence);
  const [, subject, publicKey, attributes] = derParts(info, derTags.sequence);
  // Of the bits of a signature none is left over, as its first byte says.
  if (publicKey?.tag !== derTags.sequence || signature?.tag !== derTags.bitString || signature.content[0] !== 0)
    throw new Error('asn1: structure error: tags do not match');
  const fields = subjectFields(subject);
  const named = (oid: string) => fields.filter((field) => field.oid === oid).map(({ text }) => text);
  return {
    subject: subject!.whole,
    commonName: named(oids.commonName).at(-1) ?? '',
    organizations: named(oids.organization),
    ...namesOf(attributes),
    publicKey: publicKey.whole,
    signature: {
      algorithm: oidOf(derParts(algorithm, derTags.sequence)[0]),
      of: info!.whole,
      bytes: signature.content.subarray(1),
    },
  };
}

function subjectFields(subject: DerValue | undefined): readonly { readonly oid: string; readonly text: string }[] {
  return derParts(subject, derTags.sequence)
    .flatMap((set) => derParts(set, derTags.set))
    .map((field) => {
      const [oid, text] = derParts(field, derTags.sequence);
      if (!text) throw new Error('asn1: syntax error: data truncated');
      return { oid: oidOf(oid), text: derText(text) };
    });
}

type Names = Pick<CertificateRequestFacts, 'dnsNames' | 'ipAddresses' | 'emailAddresses' | 'uris'>;

function namesOf(attributes: DerValue | undefined): Names {
  const names = extensionsIn(attributes)
    .filter(({ oid }) => oid === alternativeNames)
    .flatMap(({ value }) => derParts(derValues(value)[0], derTags.sequence));
  const texts = (tag: number) => names.filter((name) => name.tag === tag).map(derText);
  return {
    dnsNames: texts(nameTags.dns),
    emailAddresses: texts(nameTags.email),
    uris: texts(nameTags.uri),
    ipAddresses: names.filter(({ tag }) => tag === nameTags.ip).map(({ content }) => addressOf(content)),
  };
}

function extensionsIn(attributes: DerValue | undefined): { readonly oid: string; readonly value: Uint8Array }[] {
  if (!attributes) return [];
  return derParts(attributes, derTags.attributes)
    .map((attribute) => derParts(attribute, derTags.sequence))
    .filter(([oid]) => oidOf(oid) === extensionRequest)
    .flatMap(([, values]) => derParts(values, derTags.set))
    .flatMap((extensions) => derParts(extensions, derTags.sequence))
    .map((extension) => {
      const [oid, ...rest] = derParts(extension, derTags.sequence);
      const value = rest.at(-1);
      if (value?.tag !== derTags.octetString) throw new Error('asn1: structure error: tags do not match');
      return { oid: oidOf(oid), value: value.content };
    });
}

function addressOf(content: Uint8Array): string {
  const bytes = [...content];
  if (bytes.length !== 4 && bytes.length !== 16)
    throw new Error(`x509: cannot parse IP address of length ${bytes.length}`);
  const mapped = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
  const family = bytes.length === 4 || mapped ? 'IPv4' : 'IPv6';
  return formatIp({ family, bytes: mapped ? bytes.slice(12) : bytes, leadingZeros: false, mapped });
}
