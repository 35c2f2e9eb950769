import type { TokenRequest } from '@kubernest/api-types/authentication/v1';
import type { Pod } from '@kubernest/api-types/core/v1';
import { methodRefused, type Subresource, type SubresourceCall } from '@kubernest/apiserver/contract';
import { findBodyType } from '@kubernest/kinds';
import type { Context } from '@kubernest/kit';
import {
  badRequest,
  conflict,
  fieldInvalid,
  invalid,
  type KubeObject,
  notFound,
  ownValue,
  wireTime,
} from '@kubernest/meta';

interface Bound {
  readonly name: string;
  readonly uid: string;
}

/** What makes tokens; the token authority of the authn library is one. */
export interface TokenIssuer {
  readonly audiences: readonly string[];
  issue(
    order: {
      readonly serviceAccount: Bound & { readonly namespace: string };
      readonly bound?: { readonly kind: 'pod' | 'secret' | 'node'; readonly object: Bound };
      readonly node?: Pick<Bound, 'name'> & Partial<Bound>;
      readonly audiences: readonly string[];
      readonly seconds: number;
      readonly warnAfterSeconds?: number;
    },
    ctx: Context,
  ): Promise<{ readonly token: string; readonly expiresAt: Date }>;
}

const of = { group: '', resource: 'serviceaccounts' } as const;
const HOUR = 3600;
const SHORTEST = 600;
const LONGEST = 2 ** 32;
/** compat: what kubelets ask for; such a token lives a year, and its use after the time asked for is only a warning sign. */
const KUBELETS_ASK = 3607;
const YEAR = 365 * 24 * 3600;
const boundKinds: Readonly<Record<string, { readonly kind: 'pod' | 'secret' | 'node'; readonly resource: string }>> = {
  Pod: { kind: 'pod', resource: 'pods' },
  Secret: { kind: 'secret', resource: 'secrets' },
  Node: { kind: 'node', resource: 'nodes' },
};

/** `TokenRequest`: a token for a service account, bound to an object whose end is its end. */
export function serviceAccountToken(issuer: TokenIssuer): Subresource {
  return {
    of,
    name: 'token',
    verbs: ['create'],
    body: findBodyType('authentication.k8s.io', 'v1', 'TokenRequest')!,
    otherName,
    mayOmitName: true,
    async handle(call, ctx) {
      if (call.info.verb !== 'create') throw methodRefused();
      const { namespace, name } = call.info;
      const request = await call.decode<TokenRequest>(this.body!);
      fillDefaults(request);
      const check = async () => {
        fillDefaults(request);
        const account = await existing(call, of.resource, `${namespace}/${name}`, ctx);
        checkUid(request, account);
        return { account, seconds: checkedSeconds(request, name!) };
      };
      const { account, seconds } = await call.admit(request, check, ctx);
      const audiences = request.spec?.audiences?.length ? request.spec.audiences : issuer.audiences.slice(0, 1);
      const { bound, node } = await boundObject(call, request, ctx);
      const stretched =
        bound?.kind === 'pod' && seconds === KUBELETS_ASK && audiences.every((each) => issuer.audiences.includes(each));
      const order = {
        serviceAccount: { namespace: namespace!, name: name!, uid: account.metadata.uid! },
        audiences,
        seconds: stretched ? YEAR : seconds,
        ...(stretched ? { warnAfterSeconds: seconds } : {}),
        ...(bound ? { bound } : {}),
        ...(node ? { node } : {}),
      };
      const { token } = await issuer.issue(order, ctx);
      const expirationTimestamp = wireTime(new Date(ctx.clock.now().getTime() + seconds * 1000));
      return call.encode(201, {
        ...request,
        metadata: { name, namespace, uid: account.metadata.uid, creationTimestamp: wireTime(ctx.clock.now()) },
        spec: { ...request.spec, audiences, expirationSeconds: seconds },
        status: { token, expirationTimestamp },
      } as KubeObject);
    },
  };
}

/** So that admission sees for how long it is asked; plugins may take it away again. */
function fillDefaults(request: TokenRequest): void {
  Object.assign(request, { spec: { ...request.spec, expirationSeconds: request.spec?.expirationSeconds ?? HOUR } });
}

/** compat: the one kind that answers so to another name. */
const otherName = ({ metadata }: KubeObject, name: string) =>
  invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest', name }, [
    fieldInvalid('metadata.name', metadata.name, 'must match the service account name if specified'),
  ]);

function checkUid({ metadata }: TokenRequest, account: KubeObject): void {
  const { name, uid } = account.metadata;
  if (!metadata.uid || metadata.uid === uid) return;
  throw conflict(
    { group: 'authentication.k8s.io', resource: 'TokenRequest', name },
    `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`,
  );
}

function checkedSeconds({ spec }: TokenRequest, name: string): number {
  const seconds = spec!.expirationSeconds!;
  const why =
    seconds < SHORTEST
      ? 'may not specify a duration less than 10 minutes'
      : seconds > LONGEST
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (why)
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest', name }, [
      fieldInvalid('spec.expirationSeconds', seconds, why),
    ]);
  return seconds;
}

async function existing({ read }: SubresourceCall, resource: string, key: string, ctx: Context): Promise<KubeObject> {
  const ref = { group: '', resource };
  const object = read.get(ref, key) ?? (await read.fetch(ref, key, ctx));
  if (!object) throw notFound({ ...ref, name: key.slice(key.indexOf('/') + 1) });
  return object;
}

interface Binding {
  readonly bound?: { readonly kind: 'pod' | 'secret' | 'node'; readonly object: Bound };
  readonly node?: Pick<Bound, 'name'> & Partial<Bound>;
}

async function boundObject(call: SubresourceCall, { spec }: TokenRequest, ctx: Context): Promise<Binding> {
  const ref = spec?.boundObjectRef;
  if (!ref) return {};
  const known = ownValue(boundKinds, ref.kind ?? '');
  if (!known || !ref.name)
    throw badRequest(
      `cannot bind token for serviceaccount to object of kind ${JSON.stringify(ref.kind)}: Pod, Secret or Node, with a name`,
    );
  const key = known.kind === 'node' ? ref.name : `${call.info.namespace}/${ref.name}`;
  const object = await existing(call, known.resource, key, ctx);
  const uid = object.metadata.uid!;
  if (ref.uid && ref.uid !== uid) {
    throw conflict(
      { group: '', resource: known.resource, name: ref.name },
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  const bound = { kind: known.kind, object: { name: ref.name, uid } };
  if (known.kind !== 'pod') return { bound };
  const { serviceAccountName = 'default', nodeName } = (object as Pod).spec as {
    serviceAccountName?: string;
    nodeName?: string;
  };
  if (serviceAccountName !== call.info.name) {
    throw badRequest(
      `cannot bind token for serviceaccount "${call.info.name}" to pod running with different serviceaccount name.`,
    );
  }
  return nodeName ? { bound, node: await nodeOf(call, nodeName, ctx) } : { bound };
}

/** compat: a node that nobody registered is told by its name alone. */
async function nodeOf({ read }: SubresourceCall, name: string, ctx: Context): Promise<NonNullable<Binding['node']>> {
  const ref = { group: '', resource: 'nodes' };
  const node = read.get(ref, name) ?? (await read.fetch(ref, name, ctx));
  return node ? { name, uid: node.metadata.uid! } : { name };
}
