import { expect, it } from 'vitest';
import { thirdPartyLicences } from './third-party.ts';

const mit = { name: 'one', version: '1.0.0', identifier: 'MIT', text: 'Do as you like.' };

it('each package of several bundles is there once, each version of it by itself', () => {
  const text = thirdPartyLicences([[mit, { ...mit, version: '2.0.0', text: 'Ask.' }], [mit]]);
  expect(text.match(/^one .*$/gm)).toEqual(['one 1.0.0 (MIT)', 'one 2.0.0 (MIT)']);
  expect(text.match(/Do as you like\./g)).toHaveLength(1);
  expect(text).toContain('Ask.');
});

it('a package without a text is there by the name of its licence', () => {
  const { text: _, ...bare } = mit;
  expect(thirdPartyLicences([[bare]])).toContain('one 1.0.0 (MIT)\n\nThe package names this licence');
});

it('a package that says nothing of its licence is in no bundle', () => {
  expect(() => thirdPartyLicences([[mit, { name: 'two', version: '1.0.0' }]])).toThrow(
    'two 1.0.0 says nothing of its licence',
  );
});
