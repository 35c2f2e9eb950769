/** Formats of texts that are looked at; what is written with dashes is the same without. */
const ofTexts: ReadonlySet<string> = new Set(
  `bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor
  byte password date duration datetime k8sshortname k8slongname`.split(/\s+/),
);

const ofNumbers: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** Whether values are checked for the format; where they are not it says nothing. */
export function isKnownFormat(format: string, type = ''): boolean {
  if (type === '' || type === 'string') return ofTexts.has(format.replaceAll('-', ''));
  return ofNumbers[type]?.includes(format) ?? false;
}
