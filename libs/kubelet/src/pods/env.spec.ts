import { describe, expect, it } from 'vitest';
import type { ConfigMap, Container, Secret } from '../types.ts';
import { ConfigError } from './config-error.ts';
import { resolveEnv } from './env.ts';

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

/** Each variable is made of the one before it, twice. */
const doubling = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `V${i}`, value: i === 0 ? 'xx' : `$(V${i - 1})$(V${i - 1})` }));

describe('what the kernel would not take', () => {
  it('is refused before it is made, though a kilobyte asks for it', async () => {
    await expect(resolved({ env: doubling(60) })).rejects.toThrow(
      new ConfigError('argument list too long: one of them has more than 131071 bytes'),
    );
    expect((await resolved({ env: doubling(16) }))['V15']).toHaveLength(65_536);
  });

  it('is refused when it is too much in all', async () => {
    const many = Array.from({ length: 200 }, (_, i) => ({ name: `W${i}`, value: '$(V14)$(V14)' }));
    await expect(resolved({ env: [...doubling(16), ...many] })).rejects.toThrow(
      new ConfigError('argument list too long: all of them have more than 6291456 bytes'),
    );
  });

  it('is refused from wherever a value comes', async () => {
    const data = { big: 'x'.repeat(131_072) };
    const container = { name: 'main', envFrom: [{ configMapRef: { name: 'any' } }] };
    const made = resolveEnv(container, { ...sources, configMap: async () => ({ metadata: {}, data }) }, facts);
    await expect(made).rejects.toThrow('argument list too long');
  });

  it('is no matter of a value that another replaces', async () => {
    const data = { big: 'x'.repeat(131_072) };
    const container = {
      name: 'main',
      envFrom: Array.from({ length: 60 }, () => ({ configMapRef: { name: 'any' } })),
      env: [{ name: 'big', value: 'small' }],
    };
    const made = resolveEnv(container, { ...sources, configMap: async () => ({ metadata: {}, data }) }, facts);
    expect(await made).toEqual([{ name: 'big', value: 'small' }]);
  });
});
