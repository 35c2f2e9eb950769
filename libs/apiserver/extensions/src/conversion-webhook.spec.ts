import { type CallAnswer, type CallRequest, type CallTarget, DialError } from '@kubernest/apiserver/dialer';
import type { CustomResourceDefinition } from '@kubernest/kinds';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { atOnce, type KubeObject } from '@kubernest/meta';
import { describe, expect, it } from 'vitest';
import { reviewIn } from './conversion-answer.ts';
import { convertByWebhook } from './conversion-webhook.ts';

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(), log: silentLogger };
const v1 = 'example.com/v1';
const v2 = 'example.com/v2';
const lamp = (name: string, apiVersion = v1): KubeObject => ({
  kind: 'Lamp',
  apiVersion,
  metadata: { name, namespace: 'd', uid: name, labels: { a: 'b' }, resourceVersion: '7' },
});

// biome-ignore lint/suspicious/noExplicitAny: answers of this spec are anything
type Any = any;
interface Asked {
  readonly target: CallTarget;
  readonly request: CallRequest;
  readonly review: Any;
}

/** A converter whose webhook answers what `answer` makes of the review. */
function hooked(answer: (review: Any) => unknown, versions: readonly string[] = ['v1']) {
  const asked: Asked[] = [];
  const service = { namespace: 'hooks', name: 'converter', path: '/convert', port: 8443 };
  const crd = {
    metadata: { name: 'lamps.example.com' },
    spec: {
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig: { service, caBundle: 'Q0E=' }, conversionReviewVersions: versions },
      },
    },
  } as unknown as CustomResourceDefinition;
  const call = async (target: CallTarget, request: CallRequest): Promise<CallAnswer> => {
    const review = JSON.parse(String(request.body));
    asked.push({ target, request, review });
    const body = answer(review);
    return { status: 200, headers: {}, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
  };
  return { convert: convertByWebhook(crd, { call }, ctx), asked };
}

const respond = (review: Any, convertedObjects: readonly unknown[], more: object = {}) => ({
  kind: 'ConversionReview',
  apiVersion: review.apiVersion,
  response: { uid: review.request.uid, result: { status: 'Success' }, convertedObjects, ...more },
});
const renamed = (review: Any) =>
  review.request.objects.map((each: Any) => ({ ...each, apiVersion: review.request.desiredAPIVersion }));

const withMetadata = (review: Any, more: object) => {
  const [object] = renamed(review);
  return { ...object, metadata: { ...object.metadata, ...more } };
};

describe('a converter', () => {
  it('is asked once for all that are not there yet, at its Service', async () => {
    const { convert, asked } = hooked((review) => respond(review, renamed(review)));
    const there = lamp('c', v2);
    const converted = await convert([lamp('a'), there, lamp('b')], v2);
    expect(converted.map(({ apiVersion, metadata }) => [apiVersion, metadata.name])).toEqual([
      [v2, 'a'],
      [v2, 'c'],
      [v2, 'b'],
    ]);
    expect(converted[1]).toBe(there);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.target).toMatchObject({ service: { namespace: 'hooks', name: 'converter', port: 8443 } });
    expect(asked[0]?.request).toMatchObject({ method: 'POST', path: '/convert?timeout=30s', timeout: 30_000 });
    expect(asked[0]?.review.request.objects).toHaveLength(2);
  });

  it('has a say in labels and annotations, and in nothing else of the metadata', async () => {
    const metadata = {
      name: 'a',
      namespace: 'd',
      uid: 'a',
      labels: { x: 'y' },
      annotations: { n: 'm' },
      resourceVersion: '9',
      finalizers: ['f'],
    };
    const { convert } = hooked((review) => respond(review, [{ ...renamed(review)[0], metadata }]));
    const [converted] = await convert([lamp('a')], v2);
    expect(converted?.metadata).toEqual({
      name: 'a',
      namespace: 'd',
      uid: 'a',
      resourceVersion: '7',
      labels: { x: 'y' },
      annotations: { n: 'm' },
    });
  });
});

const at = 'conversion webhook for example.com/v1, Kind=Lamp returned invalid converted object at index 0';
const failed = 'conversion webhook for example.com/v1, Kind=Lamp failed';
it.each<[string, (review: Any) => unknown, string]>([
  ['no JSON', () => '<html>', `${failed}: `],
  [
    'another kind',
    (review) => ({ ...respond(review, []), kind: 'Status' }),
    `${failed}: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got apiextensions.k8s.io/v1, Kind=Status`,
  ],
  ['nothing', ({ apiVersion }) => ({ kind: 'ConversionReview', apiVersion }), `${failed}: no response provided`],
  ['another’s answer', (review) => respond(review, [], { uid: 'x' }), `${failed}: expected response.uid=`],
  [
    'a refusal',
    (review) => respond(review, [], { result: { status: 'Failure', message: 'not today' } }),
    `${failed}: not today`,
  ],
  [
    'no status',
    (review) => respond(review, [], { result: {} }),
    `${failed}: response.result.status was '', not 'Success'`,
  ],
  [
    'too few',
    (review) => respond(review, []),
    'conversion webhook for example.com/v1, Kind=Lamp returned 0 objects, expected 1',
  ],
  ['no object', (review) => respond(review, [null]), `${at}: it is no object`],
  [
    'the old version',
    (review) => respond(review, review.request.objects),
    `${at}: invalid groupVersion (expected ${v2}, received ${v1})`,
  ],
  [
    'another kind of object',
    (review) => respond(review, [{ ...renamed(review)[0], kind: 'Lampe' }]),
    `${at}: invalid kind (expected Lamp, received Lampe)`,
  ],
  [
    'another name',
    (review) => respond(review, [{ ...renamed(review)[0], metadata: { name: 'z', namespace: 'd', uid: 'a' } }]),
    `${at}: must have the same name: a != z`,
  ],
  [
    'no name',
    (review) => respond(review, [{ ...renamed(review)[0], metadata: undefined }]),
    `${at}: must have the same name: a != `,
  ],
  [
    'labels that are none',
    (review) =>
      respond(review, [{ ...renamed(review)[0], metadata: { name: 'a', namespace: 'd', uid: 'a', labels: { a: 1 } } }]),
    'invalid metadata.labels in converted object',
  ],
  [
    'labels that nobody may have',
    (review) => respond(review, [withMetadata(review, { labels: { '!!': '@@' } })]),
    'returned invalid metadata in object at index 0: [metadata.labels: Invalid value: "!!": ',
  ],
  [
    'annotations that nobody may have',
    (review) => respond(review, [withMetadata(review, { annotations: { 'a b': '' } })]),
    'returned invalid metadata in object at index 0: metadata.annotation: Invalid value: "a b": ',
  ],
])('a converter that answers with %s is told of', async (_, answer, told) => {
  const { convert } = hooked(answer);
  await expect(convert([lamp('a')], v2)).rejects.toThrow(told);
});

it('the older review is spoken where it is the first that both know, and none where there is none', async () => {
  const old = hooked((review) => respond(review, renamed(review)), ['v3', 'v1beta1']);
  await old.convert([lamp('a')], v2);
  expect(old.asked[0]?.review.apiVersion).toBe('apiextensions.k8s.io/v1beta1');
  await expect(hooked(() => '', ['v3']).convert([lamp('a')], v2)).rejects.toThrow(
    'no supported conversion review versions',
  );
});

it('whole numbers of 64 bits go to a converter and come back as they are', async () => {
  const long = 1711111111111111111n;
  const { convert, asked } = hooked(
    ({ apiVersion, request: { uid } }) =>
      `{"kind":"ConversionReview","apiVersion":"${apiVersion}","response":{"uid":"${uid}","result":{"status":"Success"},"convertedObjects":[` +
      `{"kind":"Lamp","apiVersion":"${v2}","metadata":{"name":"a","namespace":"d","uid":"a"},"spec":{"hours":${long + 1n}}}]}}`,
  );
  const [converted] = await convert([{ ...lamp('a'), spec: { hours: long } } as KubeObject], v2);
  expect(converted).toMatchObject({ spec: { hours: long + 1n } });
  expect(String(asked[0]!.request.body)).toContain(`"spec":{"hours":${long}}`);
});

describe('an answer', () => {
  it('may be some times as long as what was sent, and no longer', async () => {
    const { convert, asked } = hooked((review) => respond(review, renamed(review)));
    await convert([lamp('a'), lamp('b')], v2);
    const { body, maxAnswerBytes } = asked[0]!.request;
    expect(maxAnswerBytes).toBe(4 * body!.length + 3 * 1024 * 1024);
  });

  it('that is longer is a fault of whoever gave it', async () => {
    const { convert } = hooked(() => {
      throw new DialError('too-large', 'the answer is larger than 7 bytes');
    });
    const told = `${failed}: the answer is larger than 7 bytes`;
    await expect(convert([lamp('a')], v2)).rejects.toMatchObject({ code: 502, message: told });
  });

  it.each<[number, boolean]>([
    [998, true],
    [20_000, false],
  ])('%i levels deep may be taken: %s', async (levels, isTaken) => {
    const deep = '['.repeat(levels) + ']'.repeat(levels);
    const { convert } = hooked((review) =>
      JSON.stringify(respond(review, [{ ...renamed(review)[0], spec: { d: 'deep' } }])).replace('"deep"', deep),
    );
    const converted = convert([lamp('a')], v2);
    if (isTaken) expect(JSON.stringify(await converted)).toContain(deep);
    else
      await expect(converted).rejects.toMatchObject({
        code: 502,
        message: `${failed}: its answer is nested deeper than 1000 levels`,
      });
  });

  it('is read in steps, whatever it is', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `v${i}`);
    const long = JSON.stringify({ response: { convertedObjects: [{ many }, { text: 'é"'.repeat(200_000) }] } });
    expect(atOnce(reviewIn(Buffer.from(long)))).toEqual(JSON.parse(long));
    for (const text of [long, long.slice(0, -1), `${long}}`]) {
      let steps = 0;
      const reading = reviewIn(Buffer.from(text));
      const read = () => {
        while (!reading.next().done) steps++;
      };
      if (text === long) read();
      else expect(read).toThrow(SyntaxError);
      expect(steps).toBeGreaterThan(text.length / (64 * 1024));
    }
  });
});
