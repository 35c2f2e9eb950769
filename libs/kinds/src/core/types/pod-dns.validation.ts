import type { PodSpec } from '@kubernest/api-types/core/v1';
import { invalidFor } from '@kubernest/definitions';
import { type FieldError, fieldInvalid, fieldRequired, validateIp, validateSearchDomain } from '@kubernest/meta';

const most = { nameservers: 3, searches: 32, searchCharacters: 2048 };

export function validatePodDns({ dnsPolicy, dnsConfig }: PodSpec, path: string): FieldError[] {
  const none = dnsPolicy === 'None';
  if (none && !dnsConfig) return [fieldRequired(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  if (none && nameservers.length === 0) {
    const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    return [fieldRequired(`${path}.nameservers`, why)];
  }
  const limit = (field: string, list: readonly string[], exceeded: boolean, what: string): FieldError[] =>
    exceeded ? [fieldInvalid(`${path}.${field}`, list, `must not have more than ${what}`)] : [];
  const characters = searches.join(' ').length;
  const inList = `${most.searchCharacters} characters (including spaces) in the search list`;
  return [
    ...limit('nameservers', nameservers, nameservers.length > most.nameservers, `${most.nameservers} nameservers`),
    ...nameservers.flatMap((ip, i) => invalidFor(`${path}.nameservers[${i}]`, ip, validateIp(ip))),
    ...limit('searches', searches, searches.length > most.searches, `${most.searches} search paths`),
    ...limit('searches', searches, characters > most.searchCharacters, inList),
    ...searches.flatMap((search, i) => {
      const domain = search === '.' ? undefined : search.replace(/\.$/, '');
      return domain === undefined ? [] : invalidFor(`${path}.searches[${i}]`, domain, validateSearchDomain(domain));
    }),
    ...options.flatMap(({ name }, i) => (name ? [] : [fieldRequired(`${path}.options[${i}]`, 'must not be empty')])),
  ];
}
