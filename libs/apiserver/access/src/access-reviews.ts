import type { ApiCore, RequestInfo, UserInfo, VirtualResource } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import { type FieldError, fieldInvalid, fieldRequired, invalid, type KubeObject } from '@kubernest/meta';

const group = 'authorization.k8s.io';
const ref = (resource: string) => ({ group, version: 'v1', resource });

interface ReviewSpec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes?: Readonly<
    Record<'namespace' | 'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'name', string | undefined>
  >;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

interface Review extends KubeObject {
  readonly spec?: ReviewSpec;
}

/** May somebody do something? Answered by the same checks that guard the request itself. */
export function subjectAccessReview(core: Pick<ApiCore, 'authorize'>): VirtualResource {
  return {
    ref: ref('subjectaccessreviews'),
    answer: (object, _call, ctx) => answered(object as Review, subjectOf(object as Review), core, ctx),
  };
}

/** The same within one namespace, so that its administrators may be allowed to ask. */
export function localSubjectAccessReview(core: Pick<ApiCore, 'authorize'>): VirtualResource {
  return {
    ref: ref('localsubjectaccessreviews'),
    async answer(object, call, ctx) {
      const review = object as Review;
      if (review.spec?.resourceAttributes?.namespace !== call.info.namespace) {
        const field = 'spec.resourceAttributes.namespace';
        throw refused(review, [
          fieldInvalid(field, review.spec?.resourceAttributes?.namespace ?? '', 'must match metadata.namespace'),
        ]);
      }
      return answered(review, subjectOf(review), core, ctx);
    },
  };
}

/** May I? */
export function selfSubjectAccessReview(core: Pick<ApiCore, 'authorize'>): VirtualResource {
  return {
    ref: ref('selfsubjectaccessreviews'),
    answer: (object, { user }, ctx) => answered(object as Review, user, core, ctx),
  };
}

/** What may I do in a namespace? */
export function selfSubjectRulesReview(core: Pick<ApiCore, 'rulesFor'>): VirtualResource {
  return {
    ref: ref('selfsubjectrulesreviews'),
    async answer(object, { user }) {
      const { namespace } = (object as KubeObject & { readonly spec?: { readonly namespace?: string } }).spec ?? {};
      if (!namespace) throw refused(object, [fieldRequired('spec.namespace', 'no namespace on request')]);
      const rules = core.rulesFor(user, namespace);
      const resourceRules = rules
        .filter((rule) => rule.resources)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups: apiGroups ?? [],
          resources,
          ...(resourceNames ? { resourceNames } : {}),
        }));
      const nonResourceRules = rules
        .filter((rule) => rule.nonResourceURLs)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
      return { ...object, status: { resourceRules, nonResourceRules, incomplete: false } } as KubeObject;
    },
  };
}

async function answered(
  review: Review,
  user: UserInfo,
  core: Pick<ApiCore, 'authorize'>,
  ctx: Context,
): Promise<KubeObject> {
  const faults = faultsOf(review);
  if (faults.length > 0) throw refused(review, faults);
  const decision = await core.authorize({ user, info: infoOf(review.spec!) }, ctx);
  const status = {
    allowed: decision.verdict === 'allow',
    ...(decision.verdict === 'deny' ? { denied: true } : {}),
    ...(decision.reason ? { reason: decision.reason } : {}),
  };
  return { ...review, status } as KubeObject;
}

function faultsOf({ spec }: Review): readonly FieldError[] {
  const both = spec?.resourceAttributes && spec.nonResourceAttributes;
  if (both)
    return [
      fieldInvalid(
        'spec.nonResourceAttributes',
        spec.nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    ];
  if (!spec?.resourceAttributes && !spec?.nonResourceAttributes) {
    return [
      fieldInvalid(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ];
  }
  return [];
}

function subjectOf(review: Review): UserInfo {
  const { user = '', uid, groups = [], extra } = review.spec ?? {};
  if (user === '' && groups.length === 0)
    throw refused(review, [fieldInvalid('spec.user', '', 'at least one of user or group must be specified')]);
  return { username: user, uid, groups, extra };
}

function infoOf({ resourceAttributes: of, nonResourceAttributes: path }: ReviewSpec): RequestInfo {
  if (!of) {
    const nothing = {
      group: '',
      version: '',
      namespace: undefined,
      resource: '',
      subresource: '',
      name: undefined,
      rest: [],
    };
    return { isResource: false, verb: path?.verb ?? '', path: path?.path ?? '', ...nothing };
  }
  return {
    isResource: true,
    verb: of.verb ?? '',
    path: '',
    group: of.group ?? '',
    version: of.version ?? '',
    namespace: of.namespace || undefined,
    resource: of.resource ?? '',
    subresource: of.subresource ?? '',
    name: of.name || undefined,
    rest: [],
  };
}

const refused = (object: KubeObject, faults: readonly FieldError[]) =>
  invalid({ group, kind: object.kind ?? '', name: object.metadata.name ?? '' }, faults);
