import type { RegistryCredentials } from '@kubernest/runtime/contract';
import type { Secret } from '../types.ts';
import { registryOf } from './reference.ts';

interface DockerAuth {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
}

/** The credentials in pull secrets that fit an image's registry, in the secrets' order. What cannot be read is skipped. */
export function credentialsFor(reference: string, secrets: readonly Secret[]): RegistryCredentials[] {
  const registry = registryOf(reference);
  return secrets.flatMap((secret) => {
    const config = secret.data?.['.dockerconfigjson'];
    const legacy = secret.data?.['.dockercfg'];
    const auths = config
      ? (parse(config) as { auths?: Record<string, DockerAuth> }).auths
      : legacy
        ? (parse(legacy) as Record<string, DockerAuth>)
        : undefined;
    return Object.entries(auths ?? {}).flatMap(([server, auth]) =>
      hostOf(server) === registry ? [readAuth(server, auth)] : [],
    );
  });
}

function hostOf(server: string): string {
  const host = server.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function readAuth(server: string, auth: DockerAuth): RegistryCredentials {
  const pair = auth.auth ? Buffer.from(auth.auth, 'base64').toString() : '';
  const colon = pair.indexOf(':');
  return {
    server,
    username: auth.username ?? pair.slice(0, Math.max(0, colon)),
    password: auth.password ?? pair.slice(colon + 1),
  };
}

function parse(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  } catch {
    return {};
  }
}
