import { isNode } from '@kubernest/apiserver/authn';
import {
  type ApiCore,
  nonResourceInfo,
  type PolicyRule,
  type RequestInfo,
  type UserInfo,
  type VirtualResource,
} from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import {
  badRequest,
  type FieldError,
  fieldInvalid,
  invalid,
  type KubeObject,
  paced,
  Rests,
  type Steps,
  shownJson,
} from '@kubernest/meta';
import { readFieldSelector, readLabelSelector, type SelectorAttributes, selectorFaults } from './review-selectors.ts';

const group = 'authorization.k8s.io';
const ref = (resource: string) => ({ group, version: 'v1', resource });

interface ReviewSpec {
  readonly user?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes?: Readonly<
    Record<'namespace' | 'verb' | 'group' | 'version' | 'resource' | 'subresource' | 'name', string | undefined>
  > & { readonly fieldSelector?: SelectorAttributes; readonly labelSelector?: SelectorAttributes };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

interface Review extends KubeObject {
  readonly spec?: ReviewSpec;
}

/** May somebody do something? Answered by the same checks that guard the request itself. */
export function subjectAccessReview(core: Pick<ApiCore, 'authorize'>): VirtualResource {
  return {
    ref: ref('subjectaccessreviews'),
    async answer(object, _call, ctx) {
      const subject = await subjectOf(object as Review);
      return answered(object as Review, subject, { core, more: metadataFaults(object) }, ctx);
    },
  };
}

/** The same within one namespace, so that its administrators may be allowed to ask. */
export function localSubjectAccessReview(core: Pick<ApiCore, 'authorize'>): VirtualResource {
  return {
    ref: ref('localsubjectaccessreviews'),
    async answer(object, call, ctx) {
      const review = object as Review;
      return answered(review, await subjectOf(review), { core, more: localFaults(review, call.info.namespace) }, ctx);
    },
  };
}

/** May I? */
export function selfSubjectAccessReview(core: Pick<ApiCore, 'authorize'>): VirtualResource {
  return {
    ref: ref('selfsubjectaccessreviews'),
    answer: (object, { user }, ctx) => answered(object as Review, user, { core, more: metadataFaults(object) }, ctx),
  };
}

/** What may I do in a namespace? */
export function selfSubjectRulesReview(core: Pick<ApiCore, 'rulesFor'>): VirtualResource {
  return {
    ref: ref('selfsubjectrulesreviews'),
    async answer(object, { user }) {
      const { namespace } = (object as KubeObject & { readonly spec?: { readonly namespace?: string } }).spec ?? {};
      if (!namespace) throw badRequest('no namespace on request');
      const rules = await paced(told(core.rulesFor(user, namespace)));
      // A kubelet's rights follow the pods on its node: they cannot be listed.
      const untold = isNode(user)
        ? { incomplete: true, evaluationError: 'node authorizer does not support user rule resolution' }
        : { incomplete: false };
      return { ...object, status: { ...rules, ...untold } } as KubeObject;
    },
  };
}

/** Somebody may hold as many rules as fit into all roles of a namespace. */
function* told(rules: readonly PolicyRule[]): Steps<object> {
  const rests = new Rests();
  const resourceRules: object[] = [];
  const nonResourceRules: object[] = [];
  for (const { verbs, apiGroups = [], resources, resourceNames, nonResourceURLs } of rules) {
    if (resources) resourceRules.push({ verbs, apiGroups, resources, ...(resourceNames ? { resourceNames } : {}) });
    if (nonResourceURLs) nonResourceRules.push({ verbs, nonResourceURLs });
    if (rests.isDue()) yield;
  }
  return { resourceRules, nonResourceRules };
}

interface Asking {
  readonly core: Pick<ApiCore, 'authorize'>;
  /** What is wrong besides the question itself. */
  readonly more: readonly FieldError[];
}

async function answered(review: Review, user: UserInfo, { core, more }: Asking, ctx: Context): Promise<KubeObject> {
  const faults = [...faultsOf(review), ...more];
  if (faults.length > 0) throw refused(review, faults);
  const { info, ignored } = questionOf(review.spec!);
  const decision = await core.authorize({ user, info }, ctx);
  const status = {
    allowed: decision.verdict === 'allow',
    ...(decision.verdict === 'deny' ? { denied: true } : {}),
    ...(decision.reason ? { reason: decision.reason } : {}),
    ...(ignored.length > 0 ? { evaluationError: ignored.join('; ') } : {}),
  };
  return { ...review, status } as KubeObject;
}

function faultsOf({ spec }: Review): readonly FieldError[] {
  const { resourceAttributes: of, nonResourceAttributes: path } = spec ?? {};
  if (of && path) {
    return [
      fieldInvalid('spec.nonResourceAttributes', path, 'cannot be specified in combination with resourceAttributes'),
    ];
  }
  if (!of && !path) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    return [fieldInvalid('spec.resourceAttributes', null, why)];
  }
  return [
    ...selectorFaults(of?.fieldSelector, 'spec.resourceAttributes.fieldSelector'),
    ...selectorFaults(of?.labelSelector, 'spec.resourceAttributes.labelSelector'),
  ];
}

/** So much of what was sent a refusal shows at most. */
const MOST_SHOWN = 32 * 1024;

function shown(metadata: object): unknown {
  const text = shownJson(metadata, MOST_SHOWN);
  return text.length > MOST_SHOWN ? text : metadata;
}

/** A question is not stored, so it has no name to go by. */
function metadataFaults({ metadata }: KubeObject, ...besides: readonly string[]): readonly FieldError[] {
  const said = Object.entries(metadata).filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (said.every(([key]) => key === 'managedFields' || besides.includes(key))) return [];
  return [
    fieldInvalid(
      'metadata',
      shown(metadata),
      besides.length > 0 ? 'must be empty except for namespace' : 'must be empty',
    ),
  ];
}

function localFaults(review: Review, namespace: string | undefined): readonly FieldError[] {
  const { resourceAttributes: of, nonResourceAttributes: path } = review.spec ?? {};
  const faults = [...metadataFaults(review, 'namespace')];
  if (of && of.namespace !== namespace)
    faults.push(fieldInvalid('spec.resourceAttributes.namespace', of.namespace ?? '', 'must match metadata.namespace'));
  if (path) faults.push(fieldInvalid('spec.nonResourceAttributes', path, 'disallowed on this kind of request'));
  return faults;
}

async function subjectOf(review: Review): Promise<UserInfo> {
  const { user = '', uid, groups = [], extra } = review.spec ?? {};
  if (user === '' && groups.length === 0)
    throw refused(review, [fieldInvalid('spec.user', '', 'at least one of user or group must be specified')]);
  return { username: user, uid, groups: await paced(distinct(groups)), extra };
}

/** There may be hundreds of thousands, and what binds a group is looked at for each. */
function* distinct(groups: readonly string[]): Steps<readonly string[]> {
  const rests = new Rests();
  const seen = new Set<string>();
  for (const group of groups) {
    seen.add(group);
    if (rests.isDue()) yield;
  }
  return [...seen];
}

interface Question {
  readonly info: RequestInfo;
  /** What of the question could not be read. Leaving it out asks for more, never for less. */
  readonly ignored: readonly string[];
}

function questionOf({ resourceAttributes: of, nonResourceAttributes: path }: ReviewSpec): Question {
  if (!of) {
    return { info: nonResourceInfo({ verb: path?.verb ?? '', path: path?.path ?? '' }), ignored: [] };
  }
  const fields = readFieldSelector(of.fieldSelector);
  const labels = readLabelSelector(of.labelSelector);
  const info: RequestInfo = {
    ...nonResourceInfo({ verb: of.verb ?? '', path: '' }),
    isResource: true,
    group: of.group ?? '',
    version: of.version ?? '',
    namespace: of.namespace || undefined,
    resource: of.resource ?? '',
    subresource: of.subresource ?? '',
    name: of.name || undefined,
    ...(fields.requirements.length > 0 ? { fieldSelector: fields.requirements } : {}),
  };
  const ignored = [
    { part: fields.ignored, name: 'fieldSelector' },
    { part: labels, name: 'labelSelector' },
  ].flatMap(({ part, name }) => (part ? [`spec.resourceAttributes.${name} ${part} due to parse error`] : []));
  return { info, ignored };
}

const refused = (object: KubeObject, faults: readonly FieldError[]) =>
  invalid({ group, kind: object.kind ?? '', name: object.metadata.name ?? '' }, faults);
