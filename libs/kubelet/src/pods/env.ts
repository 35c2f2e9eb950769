import { ownValue } from '@kubernest/meta';
import type { ConfigMap, Container, EnvVar, Secret, ServiceObject } from '../types.ts';
import { ConfigError } from './config-error.ts';
import { type DownwardFacts, fieldValue, resourceValue } from './downward.ts';
import { ExecSize, withinOne } from './exec-size.ts';
import { expand } from './expand.ts';
import { containerOf } from './pod.ts';

/** Objects that environment variables come from; undefined when there is none of that name. */
export interface EnvSources {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  /** Services that this pod should see, its own namespace's last. */
  readonly services: readonly ServiceObject[];
}

/** Service variables, then envFrom, then env, each beating those before; `$(NAME)` sees what came earlier. */
export async function resolveEnv(
  container: Container,
  sources: EnvSources,
  facts: DownwardFacts,
): Promise<{ name: string; value: string }[]> {
  const service = serviceEnv(sources.services);
  const result = new Map<string, string>();
  const size = new ExecSize();
  const put = (name: string, value: string): void => {
    const replaced = result.get(name);
    if (replaced !== undefined) size.giveBack(lengthOf(name, replaced));
    size.add(lengthOf(name, value));
    result.set(name, value);
  };
  for (const from of container.envFrom ?? []) {
    const ref = from.configMapRef ?? from.secretRef;
    if (!ref?.name) continue;
    const source = from.configMapRef ? await sources.configMap(ref.name) : await sources.secret(ref.name);
    if (!source) {
      if (ref.optional) continue;
      throw new ConfigError(`${from.configMapRef ? 'configmap' : 'secret'} "${ref.name}" not found`);
    }
    const data = from.configMapRef ? (source as ConfigMap).data : decoded(source as Secret);
    for (const [key, value] of Object.entries(data ?? {})) put(`${from.prefix ?? ''}${key}`, value);
  }
  const seen = (name: string): string | undefined => result.get(name) ?? service.get(name);
  for (const variable of container.env ?? []) {
    const value = await variableValue(variable, container, sources, facts, seen);
    if (value !== undefined) put(variable.name, value);
  }
  for (const [name, value] of service) if (!result.has(name)) put(name, value);
  for (const [name, value] of result) withinOne(lengthOf(name, value));
  return [...result].map(([name, value]) => ({ name, value }));
}

const lengthOf = (name: string, value: string): number => name.length + 1 + value.length;

async function variableValue(
  variable: EnvVar,
  container: Container,
  sources: EnvSources,
  facts: DownwardFacts,
  seen: (name: string) => string | undefined,
): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (!from) return expand(variable.value ?? '', { lookup: seen, grown: withinOne });
  if (from.fieldRef) return fieldValue(from.fieldRef, facts);
  if (from.resourceFieldRef) {
    const other = from.resourceFieldRef.containerName;
    const owner = other ? containerOf(facts.pod, other)?.container : container;
    if (!owner) throw new ConfigError(`container ${other} not found`);
    return resourceValue(from.resourceFieldRef, owner, facts);
  }
  const ref = from.configMapKeyRef ?? from.secretKeyRef;
  if (!ref?.name) return undefined;
  const what = from.configMapKeyRef ? 'configmap' : 'secret';
  const source = from.configMapKeyRef ? await sources.configMap(ref.name) : await sources.secret(ref.name);
  if (!source) {
    if (ref.optional) return undefined;
    throw new ConfigError(`${what} "${ref.name}" not found`);
  }
  const kept = ownValue(source.data, ref.key);
  // Of a Secret only what is asked for is decoded: many variables may ask.
  const value = from.configMapKeyRef || kept === undefined ? kept : textOf(kept);
  if (value === undefined && !ref.optional) {
    const title = from.configMapKeyRef ? 'ConfigMap' : 'Secret';
    throw new ConfigError(`couldn't find key ${ref.key} in ${title} ${facts.pod.metadata.namespace}/${ref.name}`);
  }
  return value;
}

const decoded = (secret: Secret): Record<string, string> =>
  Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, textOf(value)]));

const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString();

/** The variables that announce Services, in the form that container links had. */
export function serviceEnv(services: readonly ServiceObject[]): Map<string, string> {
  const env = new Map<string, string>();
  for (const service of services) {
    const ip = service.spec?.clusterIP;
    const ports = service.spec?.ports ?? [];
    const first = ports[0];
    if (!ip || ip === 'None' || !first) continue;
    const name = upper(service.metadata.name ?? '');
    const host = ip.includes(':') ? `[${ip}]` : ip;
    env.set(`${name}_SERVICE_HOST`, ip);
    env.set(`${name}_SERVICE_PORT`, String(first.port));
    for (const port of ports) if (port.name) env.set(`${name}_SERVICE_PORT_${upper(port.name)}`, String(port.port));
    const protocolOf = (port: { protocol?: string }) => (port.protocol ?? 'TCP').toLowerCase();
    env.set(`${name}_PORT`, `${protocolOf(first)}://${host}:${first.port}`);
    for (const port of ports) {
      const prefix = `${name}_PORT_${port.port}_${protocolOf(port).toUpperCase()}`;
      env.set(prefix, `${protocolOf(port)}://${host}:${port.port}`);
      env.set(`${prefix}_PROTO`, protocolOf(port));
      env.set(`${prefix}_PORT`, String(port.port));
      env.set(`${prefix}_ADDR`, ip);
    }
  }
  return env;
}

const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_');
