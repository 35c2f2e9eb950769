import type { Trust } from '@kubernest/apiserver/dialer';
import type { APIService } from '@kubernest/kinds';

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** A group-version that another server answers, as its APIService says. */
export interface Backend extends GroupVersion {
  /** Of the APIService. */
  readonly name: string;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
  readonly trust: Pick<Trust, 'caBundle' | 'insecureSkipVerify'>;
  /** As the last check found it. */
  readonly isAvailable: boolean;
}

const HTTPS = 443;

/** Whom an APIService leads to; undefined where that is this server. */
export function backendOf({ metadata, spec, status }: APIService): Backend | undefined {
  const { group = '', version = '', service, caBundle, insecureSkipTLSVerify } = spec ?? {};
  if (!service || mustBeOurs.has(group)) return undefined;
  return {
    name: metadata.name ?? '',
    group,
    version,
    service: { namespace: service.namespace ?? '', name: service.name ?? '', port: service.port ?? HTTPS },
    trust: {
      ...(caBundle && { caBundle: Buffer.from(caBundle, 'base64') }),
      ...(insecureSkipTLSVerify && { insecureSkipVerify: true }),
    },
    isAvailable: status?.conditions?.some(({ type, status }) => type === 'Available' && status === 'True') ?? false,
  };
}

/**
 * Without these nothing could be mended. compat: Kubernetes lets the first go to another server, which takes the whole cluster down with it.
 */
const mustBeOurs: ReadonlySet<string> = new Set(['', 'apiregistration.k8s.io']);

/** Reached in the same way, and so the same as far as a request is concerned. */
export const isSameWay = (a: Backend, b: Backend): boolean => wayOf(a) === wayOf(b);

const wayOf = ({ group, version, service, trust }: Backend): string =>
  JSON.stringify([group, version, service, String(trust.caBundle ?? ''), trust.insecureSkipVerify]);
