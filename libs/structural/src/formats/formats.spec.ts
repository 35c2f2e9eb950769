import { describe, expect, it } from 'vitest';
import { checkedFormat, isOfFormat } from './checked-format.ts';

/** Format → texts that are of it, texts that are not. */
const table: Record<string, readonly [yes: readonly string[], no: readonly string[]]> = {
  date: [['2024-02-29'], ['2023-02-29', '2024-1-1', '2024-01-01T00:00:00Z']],
  'date-time': [
    ['2024-01-01T10:00:00Z', '2024-01-01t23:59:59.5+01:00'],
    ['2024-01-01T24:00:00Z', '2024-01-01T10:00:00', '2024-01-01 10:00:00Z'],
  ],
  duration: [
    ['1h30m', '-1.5s', '0', '2 days', '9223372036854775807ns'],
    ['1', '', '1 fortnight', '9223372036854775808ns'],
  ],
  ipv4: [
    ['10.0.0.1', '010.0.0.1'],
    ['256.0.0.1', '1.2.3', '::1'],
  ],
  ipv6: [
    ['::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'],
    ['1::2::3', '10.0.0.1', 'fe80::1%eth0', '::ffff:01.2.3.4'],
  ],
  cidr: [
    ['10.0.0.0/8', '::/0'],
    ['10.0.0.0/33', '10.0.0.0', '10.0.0.0/'],
  ],
  mac: [
    ['01:23:45:67:89:ab', '0123.4567.89ab', '0123456789ab'],
    ['01:23-45:67:89:ab', '01:23:45:67:89'],
  ],
  email: [
    ['a@b', 'Ann (x) <a@b.c>', '"q q"@x', 'a@[1.2.3.4]', 'team: a@b;'],
    ['a..b@c', 'a @ b', 'a@b, c@d', 'a', 'a@[x]'],
  ],
  uri: [
    ['http://a:80/', '/p', '*', 'mailto:x', 'http://[::1]:80/', 'db://a:1,b:2/'],
    ['a/b', '', 'http://a:b/', 'http://a:1:2/', 'http://a/%zz', 'http://[a]/'],
  ],
  hostname: [
    ['localhost', 'a-b.co', 'bücher.example'],
    ['-a', 'a_b', `${'a'.repeat(64)}.com`],
  ],
  uuid: [['550e8400-e29b-41d4-a716-446655440000', '550E8400E29B41D4A716446655440000'], ['550e8400']],
  uuid3: [['550e8400-e29b-31d4-a716-446655440000'], ['550e8400-e29b-41d4-a716-446655440000']],
  uuid4: [['550e8400-e29b-41d4-a716-446655440000'], ['550e8400-e29b-41d4-c716-446655440000']],
  uuid5: [['550e8400-e29b-51d4-a716-446655440000'], ['550e8400-e29b-41d4-a716-446655440000']],
  byte: [
    ['aGk=', 'aG=='],
    ['aG=k', 'aGk', ''],
  ],
  hexcolor: [['#fff', 'FFFFFF'], ['#ffff']],
  rgbcolor: [['rgb(1, 2,255)'], ['rgb(256,0,0)', 'rgb(1,2)']],
  isbn: [['978-0321751041', '0321751043'], ['0321751044']],
  isbn10: [['0-321-75104-3'], ['978-0321751041']],
  isbn13: [['9780321751041'], ['9780321751042']],
  creditcard: [['4111-1111-1111-1111'], ['4111111111111112']],
  ssn: [['123-45-6789', '123 45 6789'], ['123456789']],
  bsonobjectid: [['507f1f77bcf86cd799439011'], ['507f1f77']],
  'k8s-short-name': [['a-b'], ['A', '-a', 'a.b', 'a'.repeat(64)]],
  'k8s-long-name': [['a.b-c'], ['a..b', 'a.B']],
  password: [['anything'], []],
};

describe('a format of texts', () => {
  it.each(Object.entries(table))('%s', (format, [yes, no]) => {
    expect(yes.filter((text) => !isOfFormat(format, text))).toEqual([]);
    expect(no.filter((text) => isOfFormat(format, text))).toEqual([]);
  });

  it('takes time linear in the text', () => {
    const long = 200_000;
    for (const format of Object.keys(table))
      for (const part of ['a', '1', 'a.', '(', '"', '1.', 'a@', '%', ' ', ':', '1s', '\\'])
        expect(typeof isOfFormat(format, part.repeat(long / part.length))).toBe('boolean');
  });
});

describe('a format is checked', () => {
  it.each<[string, string[], string | undefined]>([
    ['date', ['string'], 'date'],
    ['date', [], 'date'],
    ['date', ['integer', 'string'], 'date'],
    ['datetime', ['string'], 'datetime'],
    ['date', ['integer'], undefined],
    ['int32', ['integer'], 'int32'],
    ['int32', ['string'], undefined],
    ['double', ['number'], 'double'],
    ['date', ['object'], undefined],
    ['constructor', ['string'], undefined],
  ])('%s of %j as %s', (format, types, checked) => {
    expect(checkedFormat(format, types)).toBe(checked);
  });
});
