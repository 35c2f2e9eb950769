import { bareType, isLarge, isLargeBody } from '@kubernest/apiserver/codec';
import {
  type ApiRequest,
  FENCE_NAMESPACE,
  fenceOf,
  type ObjectPart,
  type RequestInfo,
  type UserInfo,
} from '@kubernest/apiserver/contract';
import type { DeleteOptions, Resource, WriteCall } from '@kubernest/apiserver/storage';
import { FENCE_HEADER } from '@kubernest/client';
import { badRequest } from '@kubernest/meta';
import type { Fence } from '@kubernest/store/contract';
import { fieldManagerOf, writeOptionsOf } from './write-options.ts';

/** A request that was let in. */
export interface Admitted {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  /** Warnings for the client; each is sent once. */
  readonly warnings: string[];
  /** Adds to what the audit log says of the request. */
  readonly annotate: (key: string, value: string) => void;
  /** What of an object the request is about, where its subresource is a part of it. */
  readonly part?: ObjectPart;
}

/** How a request writes besides what it says itself. */
export interface Writing {
  /** What is written is large. */
  readonly large?: boolean;
  /** It is passed on to a pod, a node or a Service, whose query it is. */
  readonly passesOn?: boolean;
}

/** Everything about a write that stands outside its body. */
export function writeCallOf(
  admitted: Admitted,
  resource: Resource,
  { large = false, passesOn }: Writing = {},
): WriteCall {
  const { request, info, user, warnings, annotate, part } = admitted;
  const options = passesOn ? {} : writeOptionsOf(request, info);
  return {
    resource,
    info,
    user,
    mayCreate: info.verb === 'create' && info.subresource === '',
    fieldManager: fieldManagerOf(options, request.headers['user-agent']),
    dryRun: options.dryRun !== undefined,
    warn: request.wantsObjects ? undefined : (text) => warnings.push(text),
    annotate,
    fence: fenceIn(request.headers[FENCE_HEADER]),
    large,
    part,
    options,
  };
}

/** The same of a write that brings a body. */
export async function bodyCallOf(admitted: Admitted, resource: Resource): Promise<WriteCall> {
  const { request } = admitted;
  const bytes = await request.body();
  const large = isLarge(bytes.length) || isLargeBody(bytes, bareType(request.headers['content-type']));
  return writeCallOf(admitted, resource, { large });
}

export function deleteCallOf(admitted: Admitted, resource: Resource, options: DeleteOptions): WriteCall {
  const call = writeCallOf(admitted, resource);
  return {
    ...call,
    dryRun: call.dryRun || options.dryRun?.includes('All') === true,
    options: { ...call.options, ...options },
  };
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
