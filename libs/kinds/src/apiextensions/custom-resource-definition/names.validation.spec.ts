import { expect, it } from 'vitest';
import { faultsOfNew, lamps, named } from './definition.fixture.ts';

/** The outcomes are those of kube-apiserver 1.36.2; '@' stands for where the schema of one version has its faults. */
it.each<[string, object, string[]]>([
  [
    'none at all',
    lamps({ names: {} }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.names.plural: Required value',
      'spec.names.singular: Required value',
      'spec.names.kind: Required value',
      'spec.names.listKind: Required value',
    ],
  ],
  [
    'no plural',
    named({ plural: '' }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.names.plural: Required value',
    ],
  ],
  [
    'no kind',
    named({ kind: '', listKind: '' }),
    ['spec.names.kind: Required value', 'spec.names.listKind: Required value'],
  ],
  [
    'a plural that is no label',
    named({ plural: 'la_mps' }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.names.plural: Invalid value: "la_mps": LABEL',
    ],
  ],
  ['a singular that is no label', named({ singular: 'Lamp' }), ['spec.names.singular: Invalid value: "Lamp": LABEL']],
  ['a kind in mixed case', named({ kind: 'LampShade' }), []],
  [
    'a kind that is no label',
    named({ kind: 'Lamp_Shade' }),
    ['spec.names.kind: Invalid value: "Lamp_Shade": may have mixed case, but should otherwise match: LABEL'],
  ],
  [
    'a list kind that is no label',
    named({ listKind: '1List' }),
    ['spec.names.listKind: Invalid value: "1List": may have mixed case, but should otherwise match: LABEL'],
  ],
  [
    'a kind like its list',
    named({ kind: 'Lamp', listKind: 'Lamp' }),
    ['spec.names.listKind: Invalid value: "Lamp": kind and listKind may not be the same'],
  ],
  [
    'short names',
    named({ shortNames: ['lp', 'L', 'a.b', ''] }),
    [
      'spec.names.shortNames[1]: Invalid value: "L": LABEL',
      'spec.names.shortNames[2]: Invalid value: "a.b": LABEL',
      'spec.names.shortNames[3]: Invalid value: "": LABEL',
    ],
  ],
  [
    'categories',
    named({ categories: ['all', 'All', '-x'] }),
    ['spec.names.categories[1]: Invalid value: "All": LABEL', 'spec.names.categories[2]: Invalid value: "-x": LABEL'],
  ],
  [
    'a plural that is too long',
    named({ plural: 'a'.repeat(64) }),
    [
      'metadata.name: Invalid value: "lamps.example.com": must be spec.names.plural+"."+spec.group',
      'spec.names.plural: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
    ],
  ],
])('names: %s', (_, object, faults) => {
  expect(faultsOfNew(object)).toEqual(faults);
});
