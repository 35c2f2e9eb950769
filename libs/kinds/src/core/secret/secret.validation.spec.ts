import { describe, expect, it } from 'vitest';
import { faultsOf, faultsOfChange } from '../../kind-faults.fixture.ts';

describe('secrets', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const redacted = '"<secret contents redacted>"';
  it.each<[string, object, string[]]>([
    ['kubernetes.io/tls', { 'tls.crt': 'AAEC' }, ['data[tls.key]: Required value']],
    ['kubernetes.io/basic-auth', {}, ['data[username]: Required value', 'data[password]: Required value']],
    ['kubernetes.io/basic-auth', { username: '' }, []],
    ['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, ['data[ssh-privatekey]: Required value']],
    ['kubernetes.io/dockerconfigjson', {}, ['data[.dockerconfigjson]: Required value']],
    ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': base64('{"auths":{}}') }, []],
    [
      'kubernetes.io/dockerconfigjson',
      { '.dockerconfigjson': base64('{') },
      [`data[.dockerconfigjson]: Invalid value: ${redacted}: unexpected end of JSON input`],
    ],
    [
      'kubernetes.io/dockercfg',
      { '.dockercfg': base64('[]') },
      [
        `data[.dockercfg]: Invalid value: ${redacted}: json: cannot unmarshal array into Go value of type map[string]interface {}`,
      ],
    ],
    [
      'kubernetes.io/service-account-token',
      {},
      ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
    ],
    ['example.test/mine', { anything: '' }, []],
  ])('of type %s with %j: %j', (type, data, faults) => {
    expect(faultsOf('Secret', { type, data })).toEqual(faults);
  });

  it('keep their type', () => {
    expect(faultsOfChange('Secret', { type: 'b' }, { type: 'a' })).toEqual([
      'type: Invalid value: "a": field is immutable',
    ]);
  });

  it('that an update leaves without a type are opaque, and so another type than they were', () => {
    expect(faultsOfChange('Secret', { type: 'b' }, {})).toEqual(['type: Invalid value: "Opaque": field is immutable']);
  });
});
