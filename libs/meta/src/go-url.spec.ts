import { describe, expect, it } from 'vitest';
import { type GoUrl, parseGoRequestUri, parseGoUrl } from './go-url.ts';

const nothing: GoUrl = { scheme: '', host: '', query: '', fragment: '' };

describe('an address is read as Go reads it', () => {
  it.each<[string, Partial<GoUrl>]>([
    ['https://a.b/c', { scheme: 'https', host: 'a.b' }],
    ['https://a.b:8443/c?d=e#f', { scheme: 'https', host: 'a.b:8443', query: 'd=e', fragment: 'f' }],
    ['HTTPS://A.b', { scheme: 'https', host: 'A.b' }],
    ['https://u:p@a.b/', { scheme: 'https', user: 'u:p', host: 'a.b' }],
    ['https://@a.b', { scheme: 'https', user: '', host: 'a.b' }],
    ['https://a.b/#a%20b', { scheme: 'https', host: 'a.b', fragment: 'a b' }],
    ['https://%c3%a4.b/', { scheme: 'https', host: 'ä.b' }],
    ['https://ä.b/', { scheme: 'https', host: 'ä.b' }],
    ['db://a:1,b:2/', { scheme: 'db', host: 'a:1,b:2' }],
    ['https://[::1]:80/', { scheme: 'https', host: '[::1]:80' }],
    ['https://[::ffff:1.2.3.4]/', { scheme: 'https', host: '[::ffff:1.2.3.4]' }],
    ['https://[fe80::1%25en0]/', { scheme: 'https', host: '[fe80::1%en0]' }],
    ['a:b', { scheme: 'a' }],
    ['a/b:c', {}],
    ['//a.b/c', { host: 'a.b' }],
    ['///a', {}],
    ['/a', {}],
    ['*', {}],
    ['', {}],
    ['https:///a', { scheme: 'https' }],
    ['https:a', { scheme: 'https' }],
    ['https://a.b?x', { scheme: 'https', host: 'a.b', query: 'x' }],
    ['https://a.b?', { scheme: 'https', host: 'a.b' }],
    ['https://a.b/ c', { scheme: 'https', host: 'a.b' }],
    ['unapproved', {}],
    ['https://a<b>/', { scheme: 'https', host: 'a<b>' }],
    ['https://a.b/?%zz', { scheme: 'https', host: 'a.b', query: '%zz' }],
    ['https://a@b@c/', { scheme: 'https', user: 'a%40b', host: 'c' }],
  ])('%j', (text, parts) => {
    expect(parseGoUrl(text)).toEqual({ url: { ...nothing, ...parts } });
  });

  it.each([
    ['https://u s@a.b/', 'net/url: invalid userinfo'],
    ['https://a b/', 'invalid character " " in host name'],
    ['https://a.b/%zz', 'invalid URL escape "%zz"'],
    ['https://a.b/%z', 'invalid URL escape "%z"'],
    ['https://a.b/#%zz', 'invalid URL escape "%zz"'],
    ['https://%41.b/', 'invalid URL escape "%41"'],
    ['https://a.b:x/', 'invalid port ":x" after host'],
    ['https://a.b:1:2/', 'invalid port ":1:2" after host'],
    ['db://a:1,b:x/', 'invalid port ":x" after host'],
    ['https://[::1', "missing ']' in host"],
    ['https://[::1]x', 'invalid port "x" after host'],
    ['https://a[::1]/', 'invalid IP-literal'],
    ['https://[1.2.3.4]/', 'invalid IP-literal'],
    ['https://[x]/', 'invalid host: ParseAddr("x"): unable to parse IP'],
    [':a', 'missing protocol scheme'],
    ['1a:b', 'first path segment in URL cannot contain colon'],
    ['https://a\nb', 'net/url: invalid control character in URL'],
    ['https://a.b/\u007f', 'net/url: invalid control character in URL'],
    ['https://a^b/', 'invalid character "^" in host name'],
    ['https://u%zz@a.b', 'invalid URL escape "%zz"'],
    ['https://a%20b/', 'invalid URL escape "%20"'],
  ])('%j is none: %s', (text, why) => {
    expect(parseGoUrl(text).fault).toMatch(/^parse ".*": /);
    expect(parseGoUrl(text).fault!.endsWith(`": ${why}`)).toBe(true);
  });

  it.each([
    ['a/b:c', 'invalid URI for request'],
    ['', 'empty url'],
    ['unapproved', 'invalid URI for request'],
  ])('what is asked of a server is read more strictly, and has no fragment: %j', (text, why) => {
    expect(parseGoRequestUri(text).fault?.split('": ')[1] ?? '').toBe(why);
  });
});
