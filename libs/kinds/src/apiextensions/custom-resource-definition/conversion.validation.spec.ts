import { expect, it } from 'vitest';
import { byWebhook, calling, converting, faultsOfNew } from './definition.fixture.ts';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  ['without a strategy', converting({}), ['spec.conversion.strategy: Required value']],
  ['none', converting({ strategy: 'None' }), []],
  [
    'an unknown one',
    converting({ strategy: 'Magic' }),
    ['spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"'],
  ],
  [
    'none, with a webhook',
    converting({
      strategy: 'None',
      webhook: { clientConfig: { url: 'https://example.com' }, conversionReviewVersions: ['v1'] },
    }),
    [
      'spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook',
      'spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook',
    ],
  ],
  [
    'none, with nothing in its webhook',
    converting({ strategy: 'None', webhook: { conversionReviewVersions: [] } }),
    [],
  ],
  ['a webhook', byWebhook({}), []],
  [
    'no webhook',
    converting({ strategy: 'Webhook' }),
    [
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions: Required value',
    ],
  ],
  [
    'a webhook of which nothing is said',
    converting({ strategy: 'Webhook', webhook: { conversionReviewVersions: [] } }),
    [
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions: Required value',
    ],
  ],
  [
    'a webhook nowhere',
    calling({}),
    ['spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required'],
  ],
  [
    'a webhook in two places',
    calling({ url: 'https://example.com', service: { name: 'a', namespace: 'b' } }),
    ['spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required'],
  ],
  [
    'an empty address',
    calling({ url: '' }),
    [
      'spec.conversion.webhookClientConfig.url: Invalid value: "": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
      'spec.conversion.webhookClientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]',
    ],
  ],
  [
    'an address of another scheme',
    calling({ url: 'http://example.com' }),
    [
      'spec.conversion.webhookClientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
    ],
  ],
  [
    'an address with everything',
    calling({ url: 'https://me:secret@example.com/a?b=c#d' }),
    [
      'spec.conversion.webhookClientConfig.url: Invalid value: "me:secret": user information is not permitted in the URL',
      'spec.conversion.webhookClientConfig.url: Invalid value: "d": fragments are not permitted in the URL',
      'spec.conversion.webhookClientConfig.url: Invalid value: "b=c": query parameters are not permitted in the URL',
    ],
  ],
  [
    'an address without a host',
    calling({ url: 'https:///a' }),
    [
      'spec.conversion.webhookClientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]',
    ],
  ],
  [
    'an address that is none',
    calling({ url: 'https://a b' }),
    [
      'spec.conversion.webhookClientConfig.url: Required value: url must be a valid URL: parse "https://a b": invalid character " " in host name; desired format: https://host[/path]',
    ],
  ],
  ['a service', calling({ service: { name: 'a', namespace: 'b', path: '/convert' } }), []],
  [
    'a service without a name',
    calling({ service: { namespace: 'b', name: '' } }),
    ['spec.conversion.webhookClientConfig.service.namespace: Required value'],
  ],
  [
    'a service without a namespace',
    calling({ service: { name: 'a', namespace: '' } }),
    ['spec.conversion.webhookClientConfig.service.name: Required value'],
  ],
  [
    'port 0',
    calling({ service: { name: 'a', namespace: 'b', port: 0 } }),
    [
      'spec.conversion.webhookClientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'a port that is too high',
    calling({ service: { name: 'a', namespace: 'b', port: 65_536 } }),
    [
      'spec.conversion.webhookClientConfig.service.port: Invalid value: 65536: port is not valid: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'a path that is relative',
    calling({ service: { name: 'a', namespace: 'b', path: 'a/b' } }),
    [
      'spec.conversion.webhookClientConfig.service.path: Invalid value: "a/b": must start with a \'/\'',
      'spec.conversion.webhookClientConfig.service.path: Invalid value: "a/b": segment[0] may not be empty',
    ],
  ],
  [
    'a path with empty segments',
    calling({ service: { name: 'a', namespace: 'b', path: '/a//B/' } }),
    [
      'spec.conversion.webhookClientConfig.service.path: Invalid value: "/a//B/": segment[1] may not be empty',
      'spec.conversion.webhookClientConfig.service.path: Invalid value: "/a//B/": segment[2]: SUBDOMAIN',
    ],
  ],
  [
    'a path of slashes',
    calling({ service: { name: 'a', namespace: 'b', path: '//' } }),
    ['spec.conversion.webhookClientConfig.service.path: Invalid value: "//": segment[0] may not be empty'],
  ],
  ['the root as its path', calling({ service: { name: 'a', namespace: 'b', path: '/' } }), []],
  ['a bundle that is none, of a new one', calling({ url: 'https://example.com', caBundle: 'Zm9v' }), []],
  [
    'an unknown review version',
    byWebhook({ conversionReviewVersions: ['v7'] }),
    ['spec.conversion.conversionReviewVersions: Invalid value: ["v7"]: must include at least one of v1, v1beta1'],
  ],
  ['a known one among others', byWebhook({ conversionReviewVersions: ['v7', 'v1beta1'] }), []],
  [
    'one that is no label',
    byWebhook({ conversionReviewVersions: ['0v1', 'v1'] }),
    ['spec.conversion.conversionReviewVersions[0]: Invalid value: "0v1": LABEL'],
  ],
  [
    'one twice',
    byWebhook({ conversionReviewVersions: ['v1', 'v1'] }),
    ['spec.conversion.conversionReviewVersions[1]: Invalid value: "v1": duplicate version'],
  ],
])('conversion: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
