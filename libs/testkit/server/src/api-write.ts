import type { ApiCall } from '@kubernest/client';
import type { KubeObject } from '@kubernest/meta';

/** What a call changes, in the words of authorization. */
export interface ApiWrite {
  /** Who makes it, where several are told apart; else empty. */
  readonly account: string;
  readonly verb: string;
  readonly group: string;
  /** `pods` or `pods/status` */
  readonly resource: string;
  /** `<namespace>/<name>`, of a new object by what is sent */
  readonly key: string;
  readonly path: string;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Undefined of a call that reads. */
export function writeOf(account: string, { method, path, body }: ApiCall): ApiWrite | undefined {
  const verb = verbs[method];
  if (!verb) return undefined;
  const parts = path.split('?')[0]!.split('/').filter(Boolean);
  const isCore = parts[0] === 'api';
  const rest = parts.slice(isCore ? 2 : 3);
  const inner = rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2]!);
  const [resource, name = nameIn(body), subresource] = inner ? rest.slice(2) : rest;
  return {
    account,
    verb: verb === 'delete' && name === '' ? 'deletecollection' : verb,
    group: isCore ? '' : parts[1]!,
    resource: `${resource}${subresource ? `/${subresource}` : ''}`,
    key: `${inner ? rest[1] : ''}/${name}`,
    path,
  };
}

function nameIn(body: ApiCall['body']): string {
  const { metadata } = (body ?? {}) as Partial<KubeObject>;
  return metadata?.name ?? metadata?.generateName ?? '';
}
