import type { InformerSet } from '@kubernest/client';
import type { SentDefinition } from '@kubernest/kinds';
import { expect, it } from 'vitest';
import { definitionOf } from '../shared/crd.fixture.ts';
import { sharingNames } from './sharing-names.ts';

type Values = (crd: SentDefinition) => readonly string[];

function informersOf(crds: readonly SentDefinition[], asked: string[] = []): InformerSet {
  let entries: (readonly [string, SentDefinition])[] = [];
  const informer = {
    addIndex: (_name: string, values: Values) => {
      entries = crds.flatMap((crd) => values(crd).map((value) => [value, crd] as const));
    },
    byIndex: (_name: string, value: string) => {
      asked.push(value);
      return entries.filter(([each]) => each === value).map(([, crd]) => crd);
    },
  };
  return { of: () => informer } as unknown as InformerSet;
}

const own = (plural: string, names: object = {}, group = 'example.com'): SentDefinition =>
  definitionOf(
    { plural, singular: `${plural}x`, kind: `Kind${plural}`, listKind: `Kind${plural}List`, ...names },
    { group },
  ) as SentDefinition;
const shared = (crd: SentDefinition, ...others: SentDefinition[]) =>
  sharingNames(crd, informersOf([crd, ...others])).map(({ metadata }) => metadata.name!.split('.')[0]);

it('is alone, however many there are of whom none has a name of its own', () => {
  const many = Array.from({ length: 100 }, (_, i) => own(`many${i}`));
  expect(shared(own('lamps', { shortNames: ['l'] }), ...many, own('lights', { kind: 'l' }))).toEqual(['lamps']);
});

it('is not alone with those who ask for or have one of its names, nor with those who share one with them', () => {
  const had = own('had');
  const holder = { ...had, status: { acceptedNames: { ...had.spec?.names, singular: 'two' } } } as SentDefinition;
  const [first, second] = [own('first', { shortNames: ['one'] }), own('second', { shortNames: ['one', 'two'] })];
  expect(shared(first, own('other'), holder, second)).toEqual(['first', 'second', 'had']);
});

it('asks once for each name, however many share it', () => {
  const many = Array.from({ length: 50 }, (_, i) => own(`many${i}`, { shortNames: ['one'] }));
  const asked: string[] = [];
  expect(sharingNames(many[0]!, informersOf(many, asked))).toHaveLength(50);
  expect(asked).toHaveLength(new Set(asked).size);
});
