import { FENCE_HEADER } from '@kubernest/client';
import { badRequest, fieldNotSupported, invalid } from '@kubernest/meta';
import type { Fence } from '@kubernest/store/contract';
import { bareType, type FieldValidation } from './codec/decode-body.ts';
import type { ApiRequest, RequestInfo, UserInfo } from './contract/index.ts';
import { isLargeBody } from './large-body/is-large-body.ts';
import type { Resource } from './resources.ts';
import type { DeleteOptions } from './write/delete-options.ts';
import { isLarge } from './write/pace.ts';
import type { WriteCall } from './write/write-call.ts';

/** Whose Leases fence: the control plane's own. Others, the nodes' by the thousand above all, leave no token in the store. */
export const FENCE_NAMESPACE = 'kube-system';

/** What a write under that Lease's fence is compared with, and what must stand there. */
export const fenceOf = (lease: string, uid: string, transitions: number): Fence => ({
  key: `/kubernest/fences/${FENCE_NAMESPACE}/${lease}`,
  token: `${uid}/${transitions}`,
});

/** A request that was let in. */
export interface Admitted {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** What the client should be told besides the answer, which tells each once. */
  readonly warnings: string[];
}

const optionKinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

/** Everything about a write that stands outside its body. */
export function writeCallOf({ request, info, user, warnings }: Admitted, resource: Resource, large = false): WriteCall {
  const { query } = request;
  const dryRun = query.getAll('dryRun').flatMap((value) => value.split(','));
  checkDryRun(dryRun, optionKinds[info.verb] ?? 'DeleteOptions');
  return {
    resource,
    info,
    user,
    mayCreate: info.verb === 'create' && info.subresource === '',
    fieldManager: fieldManagerOf(request),
    dryRun: dryRun.includes('All'),
    warn: request.wantsObjects ? undefined : (text) => warnings.push(text),
    fence: fenceIn(request.headers[FENCE_HEADER]),
    large,
    options: {
      kind: optionKinds[info.verb] ?? 'DeleteOptions',
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun.length > 0 ? { dryRun } : {}),
    },
  };
}

/** The same of a write that brings a body. */
export async function bodyCallOf(admitted: Admitted, resource: Resource): Promise<WriteCall> {
  const { request } = admitted;
  const bytes = await request.body();
  const large = isLarge(bytes.length) || isLargeBody(bytes, bareType(request.headers['content-type']));
  return writeCallOf(admitted, resource, large);
}

export function deleteCallOf(admitted: Admitted, resource: Resource, options: DeleteOptions): WriteCall {
  const call = writeCallOf(admitted, resource);
  return {
    ...call,
    dryRun: call.dryRun || options.dryRun?.includes('All') === true,
    options: { ...call.options, ...options },
  };
}

export function checkDryRun(values: readonly string[], kind: string): void {
  const wrong = values.find((value) => value !== 'All' && value !== '');
  if (wrong !== undefined)
    throw invalid({ group: 'meta.k8s.io', kind, name: '' }, [fieldNotSupported('dryRun', values, ['All'])]);
}

function fieldManagerOf(request: ApiRequest): string {
  const asked = request.query.get('fieldManager');
  if (asked !== null && asked !== '') {
    if (asked.length > 128) throw badRequest('fieldManager may not be longer than 128 characters');
    return asked;
  }
  const agent = request.headers['user-agent'] ?? '';
  const slash = agent.indexOf('/');
  return (slash < 0 ? agent : agent.slice(0, slash)).slice(0, 128) || 'unknown';
}

function fenceIn(header: string | undefined): Fence | undefined {
  if (header === undefined) return undefined;
  const match = /^([^/=]+)\/([^/=]+)=([^/=]+)\/(\d+)$/.exec(header);
  const [, namespace, name, uid, transitions] = match ?? [];
  if (!name || !uid) {
    const form = '<namespace>/<lease>=<uid>/<transitions>';
    throw badRequest(`header ${FENCE_HEADER} must be ${form}, got ${JSON.stringify(header)}`);
  }
  if (namespace !== FENCE_NAMESPACE)
    throw badRequest(
      `header ${FENCE_HEADER}: only Leases in ${FENCE_NAMESPACE} fence writes, not ${namespace}/${name}`,
    );
  return fenceOf(name, uid, Number(transitions));
}

export function fieldValidationOf(request: ApiRequest): FieldValidation {
  const value = request.query.get('fieldValidation');
  if (value === null || value === '') return 'Warn';
  if (value === 'Ignore' || value === 'Warn' || value === 'Strict') return value;
  throw invalid({ group: 'meta.k8s.io', kind: 'CreateOptions', name: '' }, [
    fieldNotSupported('fieldValidation', value, ['Ignore', 'Strict', 'Warn']),
  ]);
}
