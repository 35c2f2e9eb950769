import type { PodSpec } from '@kubernest/api-types/core/v1';
import { atOnce } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { clusterOf, labelled, nodeAt, placed } from '../placing.fixture.ts';
import { podAffinity } from './pod-affinity.plugin.ts';

const term = (app: string, over: object = {}) => ({
  topologyKey: 'zone',
  labelSelector: { matchLabels: { app } },
  ...over,
});
type Term = ReturnType<typeof term>;
const near = (...terms: Term[]): Partial<PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const far = (...terms: Term[]): Partial<PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const rather = (weight: number, podAffinityTerm: Term): Partial<PodSpec> => ({
  affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } },
});
const ratherNot = (weight: number, podAffinityTerm: Term): Partial<PodSpec> => ({
  affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } },
});
const db = (spec?: Partial<PodSpec>, namespace?: string) => labelled({ app: 'db' }, spec, namespace);
const web = (spec?: Partial<PodSpec>) => labelled({ app: 'web' }, spec);
const notNear = ["node(s) didn't match pod affinity rules"];
const tooNear = ["node(s) didn't match pod anti-affinity rules"];
const keptOff = ["node(s) didn't satisfy existing pods anti-affinity rules"];

it.each(['constructor', 'toString', '__proto__'])(
  'no node has the label %s that every object inherits',
  (topologyKey) => {
    const inherited = clusterOf([nodeAt('a@east', db())]);
    expect(placed(web(near(term('db', { topologyKey }))), inherited)).toEqual(notNear);
    expect(placed(web(far(term('db', { topologyKey }))), inherited)).toBe('a');
  },
);

describe('a pod that must be near', () => {
  it('goes where such a pod is in the same place, on whichever node', () => {
    expect(
      placed(
        web(near(term('db'))),
        clusterOf([nodeAt('a@east'), nodeAt('b@west', db()), nodeAt('c@west', web(), web())]),
      ),
    ).toBe('b');
  });

  it.each<[string, Partial<PodSpec>, ReturnType<typeof nodeAt>[]]>([
    ['there is none', near(term('db')), [nodeAt('a@east', web())]],
    ['the place has no such label', near(term('db')), [nodeAt('a', db())]],
    ['it is in another namespace', near(term('db')), [nodeAt('a@east', db({}, 'other'))]],
    ['only one of two is there', near(term('db'), term('cache')), [nodeAt('a@east', db())]],
    ['no selector means none', near(term('db', { labelSelector: undefined })), [nodeAt('a@east', db())]],
    [
      'each term is met, but by different pods',
      near(term('db'), term('db', { labelSelector: { matchLabels: { role: 'main' } } })),
      [nodeAt('a@east', db(), labelled({ role: 'main' }))],
    ],
  ])('goes nowhere when %s', (_what, spec, nodes) => {
    expect(placed(web(spec), clusterOf(nodes))).toEqual(notNear);
  });

  it('may be the first of its kind, but only where the label is', () => {
    expect(placed(web(near(term('web'))), clusterOf([nodeAt('a'), nodeAt('b@east')]))).toBe('b');
    expect(placed(web(near(term('web'))), clusterOf([nodeAt('a@west', web()), nodeAt('b@east')]))).toBe('a');
    expect(placed(web(near(term('web'))), clusterOf([nodeAt('a')]))).toEqual(notNear);
  });

  it.each<[string, object, boolean]>([
    ['a namespace by name', { namespaces: ['other'] }, true],
    ['another one by name', { namespaces: ['third'] }, false],
    ['all namespaces', { namespaceSelector: {} }, true],
    ['namespaces by label', { namespaceSelector: { matchLabels: { team: 'x' } } }, true],
    ['others by label', { namespaceSelector: { matchLabels: { team: 'y' } } }, false],
    ['one by label or one by name', { namespaceSelector: { matchLabels: { team: 'y' } }, namespaces: ['other'] }, true],
  ])('looks into %s', (_what, over, fits) => {
    const cluster = clusterOf([nodeAt('a@east', db({}, 'other'))], { other: { team: 'x' } });
    expect(placed(web(near(term('db', over))), cluster)).toEqual(fits ? 'a' : notNear);
  });

  it('may ask for its own value of a label, or for another', () => {
    const v = (version: string, spec?: Partial<PodSpec>) => labelled({ app: 'db', version }, spec);
    const nodes = () => clusterOf([nodeAt('a@east', v('1')), nodeAt('b@west', v('2'))]);
    expect(placed(v('2', near(term('db', { matchLabelKeys: ['version', 'none'] }))), nodes())).toBe('b');
    expect(placed(v('2', near(term('db', { mismatchLabelKeys: ['version'] }))), nodes())).toBe('a');
  });
});

describe('a pod that must be far', () => {
  it('goes where no such pod is in the same place', () => {
    expect(
      placed(web(far(term('web'))), clusterOf([nodeAt('a@east', web()), nodeAt('b@east'), nodeAt('c@west')])),
    ).toBe('c');
    expect(placed(web(far(term('web'))), clusterOf([nodeAt('a@east', web()), nodeAt('b@east')]))).toEqual(tooNear);
  });

  it('has one node each with the hostname as place', () => {
    const alone = far(term('web', { topologyKey: 'kubernetes.io/hostname' }));
    expect(placed(web(alone), clusterOf([nodeAt('a', web(alone)), nodeAt('b')]))).toBe('b');
    expect(placed(web(alone), clusterOf([nodeAt('a', web(alone)), nodeAt('b', web(alone))]))).toEqual(tooNear);
  });

  it('may go where the label is missing: that is no place', () => {
    expect(placed(web(far(term('web'))), clusterOf([nodeAt('a', web())]))).toBe('a');
  });

  it('keeps others off that come later, whatever they want', () => {
    const shy = () => db(far(term('web')));
    expect(placed(web(), clusterOf([nodeAt('a@east', shy()), nodeAt('b@west')]))).toBe('b');
    expect(placed(web(), clusterOf([nodeAt('a@east', shy()), nodeAt('b@east')]))).toEqual(keptOff);
    expect(placed(db(), clusterOf([nodeAt('a@east', shy())]))).toBe('a');
  });
});

describe('a pod that would rather', () => {
  it.each<[string, Partial<PodSpec>, string]>([
    ['be near', rather(10, term('db')), 'b'],
    ['be far', ratherNot(10, term('db')), 'a'],
  ])('%s goes there, room or not', (_what, spec, expected) => {
    const crowd = Array.from({ length: 20 }, () => labelled({ app: 'crowd' }));
    const nodes =
      expected === 'a'
        ? [nodeAt('a@east', ...crowd), nodeAt('b@west', db())]
        : [nodeAt('a@east'), nodeAt('b@west', db(), ...crowd)];
    expect(placed(web(spec), clusterOf(nodes))).toBe(expected);
  });

  it('takes what it can get', () => {
    expect(placed(web(rather(10, term('db'))), clusterOf([nodeAt('a@east')]))).toBe('a');
  });

  it('goes where pods are that want it near, and not where it is not wanted', () => {
    expect(placed(web(), clusterOf([nodeAt('a@east'), nodeAt('b@west', db(rather(5, term('web'))))]))).toBe('b');
    expect(placed(web(), clusterOf([nodeAt('a@east'), nodeAt('b@west', db(near(term('web'))))]))).toBe('b');
    expect(
      placed(web(), clusterOf([nodeAt('a@east', db(ratherNot(5, term('web')))), nodeAt('b@west', db(), db())])),
    ).toBe('b');
  });
});

it('has nothing to say where nobody says anything', () => {
  expect(atOnce(podAffinity.survey!(web(), clusterOf([nodeAt('a@east', db(), web())])))).toBeUndefined();
});
