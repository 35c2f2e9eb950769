import { type TestServer, testServer } from '@kubernest/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const services = '/api/v1/namespaces/default/services';
let api: TestServer;
beforeAll(async () => {
  api = await testServer();
  await apply('s', service({ sessionAffinity: 'None' }), { manager: 'owner' });
});
afterAll(() => api[Symbol.asyncDispose]());

interface How {
  readonly manager?: string;
  readonly strict?: boolean;
  /** Bytes that are added, so that another thread reads it. */
  readonly padding?: number;
}

/** As text, so that it may say a thing twice. */
const service = (spec: object, metadata: object = {}, more = '') =>
  `{"apiVersion":"v1","kind":"Service","metadata":${JSON.stringify({ name: 's', ...metadata })},"spec":${JSON.stringify({ ports: [{ port: 80 }], ...spec })}${more}}`;
const apply = (name: string, body: string, { manager = 'me', strict = false, padding = 0 }: How = {}) =>
  api.call(
    `PATCH ${services}/${name}?fieldManager=${manager}&fieldValidation=${strict ? 'Strict' : 'Ignore'}`,
    padding ? body.replace('"metadata":{', `"metadata":{"annotations":{"p":"${'x'.repeat(padding)}"},`) : body,
    { 'content-type': 'application/apply-patch+yaml' },
  );

const subject = (name = 's', namespace = '') => `(${namespace}/${name}; /v1, Kind=Service)`;
const wrongType = `failed to create typed patch object ${subject()}: .spec.publishNotReadyAddresses: expected boolean, got &{yes}`;
const cannot = (why: string, of = subject()) =>
  `failed to convert new object ${of} to proper version: unable to convert unstructured object to /v1, Kind=Service: ${why}`;
const twice =
  'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key "spec" already set in map';
const again = ',"spec":{"ports":[{"port":80}]}';

/** Of a configuration with several faults, each row has the first and the ones after it no longer. */
describe.each([0, 100_000])(
  'what is wrong with what is applied is told in Kubernetes’ order, with %d bytes more',
  (padding) => {
    const conflicting = { sessionAffinity: 'ClientIP' };
    const elsewhere = { name: 'other', namespace: 'elsewhere' };
    test.each<[string, string, number, unknown]>([
      [
        'a wrong type',
        service({ ...conflicting, healthCheckNodePort: 1.5, publishNotReadyAddresses: 'yes' }),
        500,
        wrongType,
      ],
      ['a conflict', service({ ...conflicting, healthCheckNodePort: 1.5 }), 409, expect.stringContaining('conflict')],
      [
        'what cannot be converted',
        service({ healthCheckNodePort: 1.5 }, elsewhere, ',"status":{},"status":{}'),
        500,
        cannot('cannot convert float64 to int32', subject('other', 'elsewhere')),
      ],
      ['what is there twice', service({}, elsewhere, again), 400, twice],
      [
        'another namespace',
        service({}, elsewhere),
        400,
        'the namespace of the provided object does not match the namespace sent on the request',
      ],
      [
        'another name',
        service({}, { name: 'other' }),
        400,
        'the name of the object (other) does not match the name on the URL (s)',
      ],
    ])('%s', async (_, body, code, message) => {
      const { status, object } = await apply('s', body, { strict: true, padding });
      expect([status, object.message]).toEqual([code, message]);
    });

    test('no name, where nothing is there yet', async () => {
      const unnamed = async (spec: object) =>
        (await apply('later', service(spec, { name: undefined }), { padding })).object.message;
      expect(await unnamed({ healthCheckNodePort: 1.5 })).toBe(cannot('cannot convert float64 to int32', subject('')));
      expect(await unnamed({})).toBe(
        'the name of the object (later based on URL) was undeterminable: name must be provided',
      );
    });
  },
);

describe.each([0, 100_000])('with %d bytes more', (padding) => {
  test.each<[object, string]>([
    [{ healthCheckNodePort: 2 ** 31 }, 'cannot convert int64 to int32'],
    // More than a number holds exactly, also where it names an item.
    [{ healthCheckNodePort: 1e20 }, 'cannot convert float64 to int32'],
    [{ ports: [{ port: 1e20 }] }, 'cannot convert float64 to int32'],
    [{ ports: [{ port: 80, targetPort: 1.5 }] }, 'json: cannot unmarshal number 1.5 into Go value of type int32'],
    [{ ports: [{ port: 80, targetPort: [] }] }, 'json: cannot unmarshal array into Go value of type int32'],
  ])('a value that its type allows and nothing else does cannot be converted: %j', async (spec, why) => {
    expect((await apply('s', service(spec), { padding })).object).toMatchObject({ code: 500, message: cannot(why) });
  });
});
