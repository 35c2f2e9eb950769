import type { ServiceSpec } from '@kubernest/api-types/core/v1';
import { faultsOfEach, invalidFor, oneOf } from '@kubernest/definitions';
import { type FieldError, fieldDuplicate, fieldInvalid, fieldRequired, parseIp, validateIp } from '@kubernest/meta';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

export const isHeadless = ({ clusterIPs }: ServiceSpec): boolean =>
  clusterIPs?.length === 1 && clusterIPs[0] === 'None';

/** The addresses of a service and their families: the first is the one, and there is one of each family at most. */
export function validateAddresses(spec: ServiceSpec, before: ServiceSpec): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const addresses = spec.clusterIPs ?? [];
  const wrong = validateForms(addresses, before.clusterIPs ?? []);
  const faults = [...validateFirst(spec), ...validateFamilies(spec), ...wrong];
  const about = (why: string) => faults.push(fieldInvalid('spec.clusterIPs', addresses, why));
  if (addresses.length > 2) about('may only hold up to 2 values');
  if (wrong.length > 0) return faults;
  const found = new Set(addresses.map((address) => parseIp(address)?.family));
  if (addresses.length > 1 && found.size < 2) about('may specify no more than one IP for each IP family');
  if (!isHeadless(spec)) faults.push(...validateFit(addresses, spec.ipFamilies ?? []));
  return faults;
}

function validateFirst({ clusterIP = '', clusterIPs = [] }: ServiceSpec): FieldError[] {
  const field = 'spec.clusterIPs';
  if (!clusterIP)
    return clusterIPs.length > 0
      ? [fieldInvalid(field, clusterIPs, 'must be empty when `clusterIP` is not specified')]
      : [];
  if (clusterIPs.length === 0) return [fieldRequired(field)];
  return clusterIPs[0] === clusterIP ? [] : [fieldInvalid(field, clusterIPs, 'first value must match `clusterIP`')];
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldError[] {
  const seen = new Set<string>();
  const faults = faultsOfEach(ipFamilies, (family, i) => {
    const own = oneOf(`spec.ipFamilies[${i}]`, family, families);
    if (seen.has(family)) own.push(fieldDuplicate(`spec.ipFamilies[${i}]`, family));
    seen.add(family);
    return own;
  });
  return ipFamilyPolicy === undefined ? faults : [...faults, ...oneOf('spec.ipFamilyPolicy', ipFamilyPolicy, policies)];
}

function validateForms(addresses: readonly string[], before: readonly string[]): FieldError[] {
  const known = new Set(before);
  return faultsOfEach(addresses, (address, i) => {
    if (i === 0 && address === 'None')
      return addresses.length > 1
        ? [fieldInvalid('spec.clusterIPs', addresses, "'None' must be the first and only value")]
        : [];
    return known.has(address) ? [] : invalidFor(`spec.clusterIPs[${i}]`, address, validateIp(address));
  });
}

const validateFit = (addresses: readonly string[], expected: readonly string[]): FieldError[] =>
  faultsOfEach(addresses, (address, i) => {
    const family = expected[i];
    const fits = !family || !families.includes(family) || parseIp(address)?.family === family;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${i}]\``;
    return fits ? [] : [fieldInvalid(`spec.clusterIPs[${i}]`, address, why)];
  });

/** What a service was given first it keeps, while it has any: only a second address or family may come and go. */
export function validateAddressChange(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  const [is, was] = [isHeadless(spec), isHeadless(old)];
  if (is && was) return [];
  const addresses = validateChange('clusterIPs', 'clusterIP', spec, old);
  return is || was ? addresses : [...addresses, ...validateChange('ipFamilies', 'ipFamily', spec, old)];
}

function validateChange(
  list: 'clusterIPs' | 'ipFamilies',
  one: string,
  spec: ServiceSpec,
  old: ServiceSpec,
): FieldError[] {
  const [now, before] = [spec[list] ?? [], old[list] ?? []];
  const fault = (i: number, why: string): FieldError => fieldInvalid(`spec.${list}[${i}]`, now, why);
  if (now.length === before.length)
    return faultsOfEach(before, (value, i) => (now[i] === value ? [] : [fault(i, 'may not change once set')]));
  const faults: FieldError[] = [];
  if (before.length > now.length && now.length === 0) faults.push(fault(0, `primary ${one} can not be unset`));
  if (before.length > 0 && now.length > 0 && now[0] !== before[0]) faults.push(fault(0, 'may not change once set'));
  if (before.length > now.length && now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = `must be set to 'SingleStack' when releasing the secondary ${one}`;
    faults.push(fieldInvalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, why));
  }
  return faults;
}
