import { apiSchema, builtinKinds } from '@kubernest/kinds';
import { type KubeObject, StatusError, type StructSchema } from '@kubernest/meta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metaSchema } from '../schema/meta-schema.ts';
import {
  decodeProtobuf,
  encodeMessage,
  encodeProtobuf,
  hasProtobuf,
  listFrameOf,
  protobufListSchema,
  readWatchFrame,
  unwrapMessage,
  watchFrame,
} from './index.ts';

const podSchema = apiSchema('core/v1', 'Pod');
const pod = { apiVersion: 'v1', kind: 'Pod' };

function roundTrip(schema: StructSchema, object: KubeObject): unknown {
  const type = object as unknown as typeof pod;
  return decodeProtobuf(encodeProtobuf(type, schema, object), () => schema);
}

describe.each(builtinKinds.map((d) => [`${d.group || 'core'} ${d.kind}`, d] as const))(
  '%s',
  (_, { schema, example }) => {
    it('comes back from protobuf as it went in', () => {
      expect(hasProtobuf(schema)).toBe(true);
      expect(roundTrip(schema, example)).toEqual(example);
    });
  },
);

it('writes the mark, the kind, the message, and the two empty fields that Go writes', () => {
  const bytes = encodeProtobuf({ apiVersion: 'v1', kind: 'ConfigMap' }, apiSchema('core/v1', 'ConfigMap'), {
    metadata: { name: 'a' },
    data: { k: 'v' },
  });
  // k8s\0 | 1:{1:"v1" 2:"ConfigMap"} | 2:{1:{1:"a"} 2:{1:"k" 2:"v"}} | 3:"" | 4:""
  const expected = [
    '6b387300',
    '0a0f0a0276311209436f6e6669674d6170',
    '120d0a030a01611206' + '0a016b120176',
    '1a002200',
  ].join('');
  expect(bytes.toString('hex')).toBe(expected);
});

it('puts volume sources and probe handlers into the messages they are embedded in', () => {
  const volume = apiSchema('core/v1', 'Volume');
  expect(encodeMessage(volume, { name: 'd', emptyDir: {} }).toString('hex')).toBe('0a016412021200');
  expect(encodeMessage(volume, { name: 'd' }).toString('hex')).toBe('0a0164');
});

it('keeps what a kubelet says of how it made a container, also that nothing was asked for', () => {
  const base = { image: 'i:1', imageID: '', ready: true, restartCount: 0, state: {}, lastState: {} };
  const containerStatuses = [
    { ...base, name: 'plain', resources: {} },
    {
      ...{ ...base, name: 'full', allocatedResources: { cpu: '100m' } },
      resources: { requests: { cpu: '100m' }, limits: { memory: '64Mi' } },
      user: { linux: { uid: 1000, gid: 0, supplementalGroups: [0, 2000] } },
      volumeMounts: [
        { name: 'v', mountPath: '/v' },
        { name: 'w', mountPath: '/w', readOnly: true, recursiveReadOnly: 'Disabled' },
      ],
    },
  ];
  const object = { ...pod, metadata: {}, spec: { nodeName: 'n' }, status: { containerStatuses } };
  expect(roundTrip(podSchema, object)).toEqual(object);
});

it.each([-1, 0, 1, 127, 128, 300, 2 ** 31 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, -(2 ** 40) - 5])(
  'keeps %d',
  (seconds) => {
    const object = { ...pod, metadata: {}, spec: { activeDeadlineSeconds: seconds, containers: [] } };
    expect(roundTrip(podSchema, object)).toMatchObject(
      seconds === null ? {} : { spec: { activeDeadlineSeconds: seconds } },
    );
  },
);

it('drops a zero that means nothing and keeps one that does', () => {
  const object = {
    ...pod,
    metadata: {},
    spec: { hostNetwork: false, hostname: '', terminationGracePeriodSeconds: 0, automountServiceAccountToken: false },
  };
  expect(roundTrip(podSchema, object)).toEqual({
    ...pod,
    metadata: {},
    spec: { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false },
  });
});

it('keeps a port by number and by name, times, micro times and text of any language', () => {
  const service = apiSchema('core/v1', 'ServicePort');
  for (const targetPort of [8080, 'http'])
    expect(roundTrip(service, { ...pod, port: 1, targetPort } as never)).toMatchObject({ targetPort });
  const lease = builtinKinds.find(({ kind }) => kind === 'Lease')!;
  const spec = { holderIdentity: 'Zoë 世界 🚢', renewTime: '2026-11-24T10:00:00.123456Z' };
  const metadata = { name: 'a', creationTimestamp: '1969-12-31T23:59:58Z' };
  const object = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  expect(roundTrip(lease.schema, object as never)).toEqual(object);
});

it('assembles a list around messages that were encoded before', () => {
  const items = ['a', 'b'].map((name) => ({ metadata: { name } }));
  const messages = items.map((item) => encodeMessage(podSchema, item));
  const { head, before, tail } = listFrameOf(
    { group: '', version: 'v1', kind: 'Pod' },
    { resourceVersion: '7', continue: 'x' },
    messages.map(({ length }) => length),
  );
  const bytes = Buffer.concat([head, ...messages.flatMap((message) => [before(message.length), message]), tail]);
  const list = decodeProtobuf(bytes, ({ kind }) => (kind === 'PodList' ? protobufListSchema(podSchema) : undefined));
  expect(list).toEqual({ apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '7', continue: 'x' }, items });
});

it('frames a watch event with its length and the whole envelope of its object', () => {
  const object = encodeProtobuf(pod, podSchema, { metadata: { name: 'a' } });
  const frame = watchFrame('ADDED', object);
  expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
  const event = readWatchFrame(frame.subarray(4));
  expect(event.type).toBe('ADDED');
  expect(unwrapMessage(event.object)).toMatchObject(pod);
});

it('reads the options of a delete and writes a Status', () => {
  const type = { apiVersion: 'v1', kind: 'DeleteOptions' };
  const options = { ...type, gracePeriodSeconds: 0, propagationPolicy: 'Background', preconditions: { uid: 'u' } };
  expect(roundTrip(metaSchema('DeleteOptions'), options as never)).toMatchObject(options);
  const status = {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    code: 404,
    details: { kind: 'pods' },
  };
  expect(roundTrip(metaSchema('Status'), status as never)).toEqual(status);
});

it('skips fields that a newer client knows', () => {
  const raw = Buffer.concat([Buffer.from('c03e01', 'hex'), encodeMessage(podSchema, { metadata: { name: 'a' } })]);
  const bytes = Buffer.concat([
    Buffer.from('6b387300' + '0a090a0276311203506f64', 'hex'),
    Buffer.from([0x12, raw.length]),
    raw,
  ]);
  expect(decodeProtobuf(bytes, () => podSchema)).toEqual({ ...pod, metadata: { name: 'a' } });
});

it('answers bytes that are no message of ours with a 400, whatever they are', () => {
  const good = encodeProtobuf(pod, podSchema, builtinKinds.find(({ kind }) => kind === 'Pod')!.example);
  const attempt = (bytes: Uint8Array) => {
    try {
      decodeProtobuf(bytes, () => podSchema);
      return 'read';
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return error.code;
    }
  };
  expect(attempt(Buffer.from('{}'))).toBe(400);
  expect(attempt(good.subarray(0, good.length - 20))).toBe(400);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
      const broken = Buffer.from(good);
      broken[at] = byte;
      expect(['read', 400]).toContain(attempt(broken));
    }),
    { numRuns: 500 },
  );
});

it('refuses a kind that is not known', () => {
  const bytes = encodeProtobuf({ apiVersion: 'v1', kind: 'Nothing' }, podSchema, { metadata: {} });
  expect(() => decodeProtobuf(bytes, () => undefined)).toThrow('no kind "Nothing"');
});

it('keeps whole numbers of 64 bits in what it has from others', () => {
  const schema = apiSchema('apiextensions/v1', 'JSONSchemaProps');
  const object = { default: { long: 1711111111111111111n }, enum: [1711111111111111111n, 9007199254740994] };
  expect(roundTrip(schema, object as unknown as KubeObject)).toMatchObject(object);
});

it('a map of very many entries is written in its own order, whole', () => {
  const data = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${(i * 7919) % 10_000}`, `${i}`]));
  const schema = apiSchema('core/v1', 'ConfigMap');
  const bytes = encodeProtobuf({ apiVersion: 'v1', kind: 'ConfigMap' }, schema, { data });
  const read = decodeProtobuf(bytes, () => schema) as { data: Record<string, string> };
  expect(read.data).toEqual(data);
  expect(Object.keys(read.data)).toEqual(Object.keys(data));
});
