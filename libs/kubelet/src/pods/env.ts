import { ownValue } from '@kubernest/meta';
import type { ConfigMap, Container, EnvVar, Secret, ServiceObject } from '../types.ts';
import { type DownwardFacts, fieldValue, resourceValue } from './downward.ts';
import { containersOf } from './pod.ts';

/** Objects that environment variables come from; undefined when there is none of that name. */
export interface EnvSources {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  /** Services that this pod should see, its own namespace's last. */
  readonly services: readonly ServiceObject[];
}

/** A container cannot be made as its pod says: becomes the waiting reason `CreateContainerConfigError`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Service variables, then envFrom, then env, each beating those before; `$(NAME)` sees what came earlier. */
export async function resolveEnv(
  container: Container,
  sources: EnvSources,
  facts: DownwardFacts,
): Promise<{ name: string; value: string }[]> {
  const service = serviceEnv(sources.services);
  const result = new Map<string, string>();
  for (const from of container.envFrom ?? []) {
    const ref = from.configMapRef ?? from.secretRef;
    if (!ref?.name) continue;
    const source = from.configMapRef ? await sources.configMap(ref.name) : await sources.secret(ref.name);
    if (!source) {
      if (ref.optional) continue;
      throw new ConfigError(`${from.configMapRef ? 'configmap' : 'secret'} "${ref.name}" not found`);
    }
    const data = from.configMapRef ? (source as ConfigMap).data : decoded(source as Secret);
    for (const [key, value] of Object.entries(data ?? {})) result.set(`${from.prefix ?? ''}${key}`, value);
  }
  const seen = (name: string): string | undefined => result.get(name) ?? service.get(name);
  for (const variable of container.env ?? []) {
    const value = await variableValue(variable, container, sources, facts, seen);
    if (value !== undefined) result.set(variable.name, value);
  }
  for (const [name, value] of service) if (!result.has(name)) result.set(name, value);
  return [...result].map(([name, value]) => ({ name, value }));
}

async function variableValue(
  variable: EnvVar,
  container: Container,
  sources: EnvSources,
  facts: DownwardFacts,
  seen: (name: string) => string | undefined,
): Promise<string | undefined> {
  const from = variable.valueFrom;
  if (!from) return expand(variable.value ?? '', seen);
  if (from.fieldRef) return fieldValue(from.fieldRef, facts);
  if (from.resourceFieldRef) {
    const other = from.resourceFieldRef.containerName;
    const owner = other ? containersOf(facts.pod).find((e) => e.container.name === other)?.container : container;
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
  const values = from.configMapKeyRef ? (source as ConfigMap).data : decoded(source as Secret);
  const value = ownValue(values, ref.key);
  if (value === undefined && !ref.optional) {
    const title = from.configMapKeyRef ? 'ConfigMap' : 'Secret';
    throw new ConfigError(`couldn't find key ${ref.key} in ${title} ${facts.pod.metadata.namespace}/${ref.name}`);
  }
  return value;
}

function decoded(secret: Secret): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([k, v]) => [k, Buffer.from(v, 'base64').toString()]),
  );
}

/** `$(NAME)` where NAME is known, `$$` for a dollar; anything else stays as written. A name ends at the first `)`. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, first: string, name: string) =>
    first === '$' ? '$' : (lookup(name) ?? whole),
  );
}

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
