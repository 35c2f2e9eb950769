import { randomUUID } from 'node:crypto';
import { type CallRequest, type CallTarget, DialError, type Dialer } from '@kubernest/apiserver/dialer';
import type { CustomResourceDefinition } from '@kubernest/kinds';
import { type Context, type Milliseconds, messageOf } from '@kubernest/kit';
import {
  isObject,
  type Json,
  type JsonObject,
  jsonBytesInSteps,
  type KubeObject,
  paced,
  StatusError,
  tooManyRequests,
} from '@kubernest/meta';
import { CallsInFlight, TooManyCallsError } from './calls-in-flight.ts';
import type { Convert } from './conversion.ts';
import { BeyondBoundsError, mostAnswered, reviewIn } from './conversion-answer.ts';
import { checkedAll } from './conversion-check.ts';
import { ConversionFailure } from './conversion-failure.ts';

type Conversion = NonNullable<CustomResourceDefinition['spec']['conversion']>;
type Client = NonNullable<NonNullable<Conversion['webhook']>['clientConfig']>;

const CALL = 'conversion_webhook_call_failure';
const PARTIAL = 'conversion_webhook_partial_response_failure';
const LIMIT: Milliseconds = 30_000;
const REVIEW = { group: 'apiextensions.k8s.io', kind: 'ConversionReview' };
/** compat: answers in the older version were never asked for their kind or number. */
const versionsSpoken = ['v1', 'v1beta1'] as const;
type Spoken = (typeof versionsSpoken)[number];

/**
 * Strategy `Webhook`: asks somebody else, once for all objects. What comes back is believed but for who an object is: of its metadata labels
 * and annotations alone may be new. Rejects with Kubernetes' sentences.
 */
export function convertByWebhook(crd: CustomResourceDefinition, dialer: Pick<Dialer, 'call'>, ctx: Context): Convert {
  const inFlight = new CallsInFlight();
  const { clientConfig, conversionReviewVersions = [] } = crd.spec.conversion!.webhook!;
  const version = conversionReviewVersions.find((each): each is Spoken => versionsSpoken.includes(each as Spoken));
  return async (objects, to, signal = ctx.signal) => {
    const asked = objects.filter(({ apiVersion }) => apiVersion !== to);
    if (asked.length === 0) return objects;
    if (!version) throw new Error('no supported conversion review versions');
    const hook = `conversion webhook for ${kindOf(asked[0]!)}`;
    const asking = { ...ctx, signal: AbortSignal.any([ctx.signal, signal]) };
    const question = { dialer, inFlight, client: clientConfig!, version, asked, to };
    const answered = await ask(question, asking).catch((error: unknown) => {
      asking.signal.throwIfAborted();
      throw failed(`${hook} failed: ${messageOf(error)}`, error);
    });
    if (answered.length !== asked.length)
      throw new ConversionFailure(`${hook} returned ${answered.length} objects, expected ${asked.length}`, PARTIAL);
    const converted = await paced(checkedAll({ hook, asked, answered, to }));
    return objects.map((object) => converted.get(object) ?? object);
  };
}

/** compat: a fault is the server's, as Kubernetes has it; it has no bounds for what a converter answers. */
function failed(why: string, cause: unknown): Error {
  if (cause instanceof TooManyCallsError) return tooManyRequests(why, 1);
  const isBeyond = cause instanceof BeyondBoundsError || (cause instanceof DialError && cause.fault === 'too-large');
  return isBeyond ? new StatusError(502, '', why, undefined, { cause }) : new ConversionFailure(why, CALL, { cause });
}

const kindOf = ({ apiVersion = '', kind = '' }: Pick<KubeObject, 'apiVersion' | 'kind'>): string =>
  `${apiVersion}, Kind=${kind}`;

interface Question {
  readonly dialer: Pick<Dialer, 'call'>;
  readonly inFlight: CallsInFlight;
  readonly client: Client;
  readonly version: Spoken;
  readonly asked: readonly KubeObject[];
  readonly to: string;
}

async function ask({ dialer, inFlight, client, version, asked, to }: Question, ctx: Context): Promise<readonly Json[]> {
  const uid = randomUUID();
  const apiVersion = `${REVIEW.group}/${version}`;
  const request = { uid, desiredAPIVersion: to, objects: asked };
  const sent = await paced(jsonBytesInSteps({ kind: REVIEW.kind, apiVersion, request }));
  const { target, path } = targetOf(client);
  const outgoing: CallRequest = {
    method: 'POST',
    ...(path !== undefined && { path }),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: sent,
    timeout: LIMIT,
    maxAnswerBytes: mostAnswered(sent.length),
  };
  const { status, body } = await inFlight.add(sent.length, () => dialer.call(target, outgoing, ctx));
  if (status < 200 || status > 206) throw new Error(`the server responded with the status code ${status}`);
  return answeredIn(await paced(reviewIn(body)), { uid, version });
}

function targetOf({ url, service, caBundle }: Client): { readonly target: CallTarget; readonly path?: string } {
  const trust = caBundle ? { caBundle: Buffer.from(caBundle, 'base64') } : {};
  if (url) return { target: { url, ...trust } };
  const { namespace, name, port = 443, path = '' } = service!;
  const timed = `${path.startsWith('/') ? '' : '/'}${path}?timeout=${LIMIT / 1000}s`;
  return { target: { service: { namespace, name, port }, ...trust }, path: timed };
}

function answeredIn(
  review: JsonObject,
  { uid, version }: { readonly uid: string; readonly version: Spoken },
): readonly Json[] {
  const strict = version === 'v1';
  const { kind, apiVersion, response } = review;
  if (strict && (kind !== REVIEW.kind || apiVersion !== `${REVIEW.group}/v1`)) {
    const got = `${String(apiVersion ?? '')}, Kind=${String(kind ?? '')}`;
    throw new Error(`expected webhook response of ${REVIEW.group}/v1, Kind=${REVIEW.kind}, got ${got}`);
  }
  if (!isObject(response)) throw new Error('no response provided');
  if (strict && response['uid'] !== uid)
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response['uid'] ?? '')}`);
  const { result, convertedObjects } = response;
  const { status = '', message } = isObject(result) ? result : {};
  if (status !== 'Success')
    throw new Error(String(message || `response.result.status was '${String(status)}', not 'Success'`));
  return Array.isArray(convertedObjects) ? convertedObjects : [];
}
