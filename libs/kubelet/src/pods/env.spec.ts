import { describe, expect, it } from 'vitest';
import type { ConfigMap, Container, Secret } from '../types.ts';
import { ConfigError, expand, resolveEnv } from './env.ts';

const objects: Readonly<Record<string, ConfigMap & Secret>> = {
  full: { metadata: { name: 'full' }, data: { color: 'Ymx1ZQ==' } },
  empty: { metadata: { name: 'empty' } },
};
const sources = {
  configMap: async (name: string) => objects[name],
  secret: async (name: string) => objects[name],
  services: [],
};
const facts = {
  ...{ pod: { metadata: { name: 'p', namespace: 'default' } }, nodeName: 'n' },
  ...{ hostIPs: [], podIPs: [], allocatable: {} },
};
const resolved = async (container: Partial<Container>): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await resolveEnv({ name: 'main', ...container }, sources, facts)).map(({ name, value }) => [name, value]),
  );
const key = (kind: 'configMap' | 'secret', name: string, optional?: boolean) => ({
  env: [{ name: 'A', valueFrom: { [`${kind}KeyRef`]: { name, key: 'color', optional } } }],
});

describe('the environment of a container', () => {
  it.each<[string, Partial<Container>, object]>([
    ['takes a whole ConfigMap', { envFrom: [{ configMapRef: { name: 'full' } }] }, { color: 'Ymx1ZQ==' }],
    ['takes a whole Secret', { envFrom: [{ prefix: 'P_', secretRef: { name: 'full' } }] }, { P_color: 'blue' }],
    ['takes nothing from a ConfigMap without data', { envFrom: [{ configMapRef: { name: 'empty' } }] }, {}],
    ['takes nothing from a Secret without data', { envFrom: [{ secretRef: { name: 'empty' } }] }, {}],
    ['goes without an optional object', { envFrom: [{ secretRef: { name: 'none', optional: true } }] }, {}],
    ['goes without an optional key', key('configMap', 'empty', true), {}],
  ])('%s', async (_, container, env) => {
    expect(await resolved(container)).toEqual(env);
  });

  it.each([
    ['configmap "none" not found', { envFrom: [{ configMapRef: { name: 'none' } }] }],
    ['secret "none" not found', key('secret', 'none')],
    ["couldn't find key color in ConfigMap default/empty", key('configMap', 'empty')],
    ["couldn't find key color in Secret default/empty", key('secret', 'empty')],
    [
      "couldn't find key constructor in ConfigMap default/full",
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'full', key: 'constructor' } } }] },
    ],
  ])('cannot be made: %s', async (message, container) => {
    await expect(resolved(container)).rejects.toThrow(new ConfigError(message));
  });
});

describe('references', () => {
  it.each([
    ['$(A)-$(A)', 'x-x'],
    ['$(B)', '$(B)'],
    ['$$(A) $$$(A) $A', '$(A) $x $A'],
    ['$($(A))', '$($(A))'],
    ['$(A', '$(A'],
    ['$()', '$()'],
  ])('%s becomes %s', (text, expanded) => {
    expect(expand(text, (name) => (name === 'A' ? 'x' : undefined))).toBe(expanded);
  });
});
