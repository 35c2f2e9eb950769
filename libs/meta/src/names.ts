/**
 * What names may look like. Each function returns the wire's sentences of what is wrong, none when all is well. Source of the forms:
 * RFC 1123 and the Kubernetes documentation on names and labels (facts).
 */
const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const labelOfSearch = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const searchDomain = `${labelOfSearch}(\\.${labelOfSearch})*`;
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualified})?`;
const configKey = '[-._a-zA-Z0-9]+';

const whole = (form: string): RegExp => new RegExp(`^(?:${form})$`);

/** The sentence about a form, with examples and the form itself. */
function mustMatch(sentence: string, form: string, examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${sentence} (e.g. ${list}regex used for validation is '${form}')`;
}

/** compat: the keys and values of labels are measured in bytes, other names in what is called characters. */
export const maxLengthWords = (most: number, unit: 'bytes' | 'characters'): string =>
  `must be no more than ${most} ${unit}`;

interface Form {
  readonly regex: RegExp;
  readonly maxBytes: number;
  readonly unit: 'bytes' | 'characters';
  readonly words: string;
}

const form = (
  source: string,
  maxBytes: number,
  sentence: string,
  examples: readonly string[],
  unit: Form['unit'] = 'characters',
): Form => ({
  regex: whole(source),
  maxBytes,
  unit,
  words: mustMatch(sentence, source, examples),
});

const forms = {
  label: form(
    label1123,
    63,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    ['my-name', '123-abc'],
  ),
  label1035: form(
    label1035,
    63,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    ['my-name', 'abc-123'],
  ),
  subdomain: form(
    subdomain1123,
    253,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    ['example.com'],
  ),
  searchDomain: form(
    searchDomain,
    253,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    ['example.com'],
  ),
  labelValue: form(
    labelValue,
    63,
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ['MyValue', 'my_value', '12345'],
    'bytes',
  ),
} as const;

const qualifiedWords = mustMatch(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  qualified,
  ['MyName', 'my.name', '123-abc'],
);
const qualifiedRegex = whole(qualified);

/** Asked of very many keys and values, nearly all of them short. */
const isLonger = (text: string, maxBytes: number): boolean =>
  text.length > maxBytes || (text.length * 3 > maxBytes && byteLength(text) > maxBytes);

const byteLength = (text: string): number => (isAscii.test(text) ? text.length : new TextEncoder().encode(text).length);
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
const isAscii = /^[\x00-\x7f]*$/;

function check({ regex, maxBytes, unit, words }: Form, text: string): string[] {
  const faults: string[] = [];
  if (isLonger(text, maxBytes)) faults.push(maxLengthWords(maxBytes, unit));
  if (!regex.test(text)) faults.push(words);
  return faults;
}

export function validateDns1123Label(text: string): string[] {
  const faults = check(forms.label, text);
  const isSubdomain = faults.includes(forms.label.words) && forms.subdomain.regex.test(text);
  return isSubdomain ? faults.map((fault) => (fault === forms.label.words ? 'must not contain dots' : fault)) : faults;
}
export const validateDns1035Label = (text: string): string[] => check(forms.label1035, text);
export const validateDns1123Subdomain = (text: string): string[] => check(forms.subdomain, text);
export const validateLabelValue = (text: string): string[] => check(forms.labelValue, text);

const prefixForm: Form = { ...forms.subdomain, unit: 'bytes' };
/** The keys of one object mostly have one prefix. */
let lastGoodPrefix = '';

function checkPrefix(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  if (prefix === lastGoodPrefix) return [];
  const faults = check(prefixForm, prefix).map((fault) => `prefix part ${fault}`);
  if (faults.length === 0) lastGoodPrefix = prefix;
  return faults;
}

/** A key of labels, annotations, taints: `[prefix/]name`. */
export function validateQualifiedName(text: string): string[] {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (name.includes('/')) {
    return [
      `a valid label key ${qualifiedWords} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const faults = slash < 0 ? [] : checkPrefix(text.slice(0, slash));
  if (name === '') faults.push('name part must be non-empty');
  else if (isLonger(name, 63)) faults.push(`name part ${maxLengthWords(63, 'bytes')}`);
  if (!qualifiedRegex.test(name)) faults.push(`name part ${qualifiedWords}`);
  return faults;
}

/** RBAC and other names that only have to fit into a URL's path. */
export function validatePathSegment(text: string): string[] {
  if (text === '.') return ["may not be '.'"];
  if (text === '..') return ["may not be '..'"];
  return ['/', '%'].filter((char) => text.includes(char)).map((char) => `may not contain '${char}'`);
}

const configKeyRegex = whole(configKey);
const configKeyWords = mustMatch(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  configKey,
  ['key.name', 'KEY_NAME', 'key-name'],
);

/** A key in `data` of ConfigMaps and Secrets. */
export function validateConfigKey(text: string): string[] {
  const faults: string[] = [];
  if (isLonger(text, 253)) faults.push(maxLengthWords(253, 'characters'));
  if (!configKeyRegex.test(text)) faults.push(configKeyWords);
  if (text === '.') faults.push("must not be '.'");
  else if (text === '..') faults.push("must not be '..'");
  else if (text.startsWith('..')) faults.push("must not start with '..'");
  return faults;
}

/** compat: since 1.34 an environment variable's name is any printable ASCII but `=`. */
export function validateEnvVarName(text: string): string[] {
  if (text === '') return ['environment variable name must be non-empty'];
  if (/^[ -<>-~]+$/.test(text)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

const headerWords = mustMatch("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', [
  'X-Header-Name',
]);

export const validateHttpHeaderName = (text: string): string[] => (/^[-A-Za-z0-9]+$/.test(text) ? [] : [headerWords]);

/** A domain to search in may have underscores; else like any other. */
export const validateSearchDomain = (text: string): string[] => check(forms.searchDomain, text);

/** The name of a port. */
export function validatePortName(text: string): string[] {
  const faults: string[] = [];
  if (isLonger(text, 15)) faults.push(maxLengthWords(15, 'characters'));
  if (!/^[-a-z0-9]+$/.test(text)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) faults.push('must contain at least one letter (a-z)');
  if (text.includes('--')) faults.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) faults.push('must not begin or end with a hyphen');
  return faults;
}

export const validatePortNumber = (port: number): string[] =>
  Number.isInteger(port) && port >= 1 && port <= 65_535 ? [] : ['must be between 1 and 65535, inclusive'];
