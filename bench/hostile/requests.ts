import { type HostileRequest, headerSets, jsonBodies, patchBodies, queries, yamlBodies } from './bodies.ts';

const maps = '/api/v1/namespaces/hostile/configmaps';
const jsonType = { 'content-type': 'application/json' };

/** What must be there first: patches are sent to it. */
export const target = { path: `${maps}/target`, body: '{"metadata":{"name":"target"},"data":{"a":"1"}}' };

/** One request of each sort, the bodies of about `bytes` where size is what is wrong with them. */
export function* hostileRequests(bytes: number): Generator<HostileRequest> {
  for (const [name, body] of Object.entries(jsonBodies)) {
    const sent = Buffer.from(body(bytes));
    yield { name: `JSON: ${name}`, method: 'POST', path: maps, headers: jsonType, body: sent };
    yield { name: `YAML that is JSON: ${name}`, method: 'POST', path: maps, headers: yamlType, body: sent };
    yield {
      name: `strict: ${name}`,
      method: 'POST',
      path: `${maps}?fieldValidation=Strict`,
      headers: jsonType,
      body: sent,
    };
  }
  for (const name of ['many short keys', 'many labels', 'many finalizers'])
    yield {
      name: `PUT: ${name}`,
      method: 'PUT',
      path: target.path,
      headers: jsonType,
      body: Buffer.from(jsonBodies[name]!(bytes).replace('"name":"x"', '"name":"target"')),
    };
  for (const [name, body] of Object.entries(yamlBodies))
    yield { name: `YAML: ${name}`, method: 'POST', path: maps, headers: yamlType, body: Buffer.from(body(bytes)) };
  for (const [type, bodies] of Object.entries(patchBodies)) {
    const path = `${target.path}${type.includes('apply') ? '?fieldManager=hostile&force=true' : ''}`;
    for (const [name, body] of Object.entries(bodies))
      yield {
        name: `${type}: ${name}`,
        method: 'PATCH',
        path,
        headers: { 'content-type': type },
        body: Buffer.from(body(bytes)),
      };
  }
  yield* protobufRequests(bytes);
  yield* reviewRequests(bytes);
  for (const [name, query] of Object.entries(queries))
    yield { name: `query: ${name}`, method: 'GET', path: `${maps}?${query}`, headers: {}, body: empty };
  for (const [name, headers] of Object.entries(headerSets))
    yield {
      name: `header: ${name}`,
      method: 'POST',
      path: maps,
      headers: { ...jsonType, ...headers },
      body: Buffer.from('{}'),
    };
  for (const path of paths) yield { name: `path: ${path}`, method: 'GET', path, headers: {}, body: empty };
}

const yamlType = { 'content-type': 'application/yaml' };
const empty = Buffer.alloc(0);

const paths = [
  '/api/v1/__proto__',
  '/api/v1/constructor/x',
  '/apis/__proto__/v1/x',
  '/apis/apps/__proto__/deployments',
  '/api/v1/namespaces/__proto__/configmaps/constructor',
  '/api/v1/namespaces/hostile/configmaps/__proto__',
  '/api/v1/namespaces/hostile/configmaps/x/__proto__',
  '/api/v1/nodes/__proto__',
  `/api/v1/${'a/'.repeat(6000)}`,
  `/api/v1/${'%2F'.repeat(4000)}`,
  '/api/v1/namespaces/hostile/configmaps/%00',
  '/api/v1/namespaces/hostile/configmaps/%E0%A4%A',
  '/openapi/v3/__proto__',
  '/openapi/v3/apis/__proto__/constructor',
];

/** Questions that are answered and not stored: anybody may ask some of them. */
function* reviewRequests(bytes: number): Generator<HostileRequest> {
  const pods = (more: object) => ({ resourceAttributes: { verb: 'list', resource: 'pods', ...more } });
  const texts = (length: number): string[] => Array.from({ length: bytes / length }, (_, i) => `k${i}`);
  const requirements = texts(48).map((key) => ({ key, operator: 'In', values: ['a'] }));
  const extra = Object.fromEntries(texts(16).map((key) => [key, ['a']]));
  const questions: readonly (readonly [resource: string, name: string, spec: object])[] = [
    ['selfsubjectaccessreviews', 'raw labels', pods({ labelSelector: { rawSelector: 'b,'.repeat(bytes / 2) } })],
    ['selfsubjectaccessreviews', 'raw fields', pods({ fieldSelector: { rawSelector: 'a=b,'.repeat(bytes / 4) } })],
    ['selfsubjectaccessreviews', 'labels', pods({ labelSelector: { requirements } })],
    ['selfsubjectaccessreviews', 'fields', pods({ fieldSelector: { requirements } })],
    ['subjectaccessreviews', 'groups', { groups: texts(10), ...pods({}) }],
    ['subjectaccessreviews', 'extra', { user: 'x', extra, ...pods({}) }],
    ['tokenreviews', 'parts of a token', { token: 'a.'.repeat(bytes / 2) }],
    ['tokenreviews', 'audiences', { token: 'a', audiences: texts(10) }],
  ];
  for (const [resource, name, spec] of questions) {
    const group = resource === 'tokenreviews' ? 'authentication.k8s.io' : 'authorization.k8s.io';
    const path = `/apis/${group}/v1/${resource}`;
    yield {
      name: `${resource}: ${name}`,
      method: 'POST',
      path,
      headers: jsonType,
      body: Buffer.from(JSON.stringify({ spec })),
    };
  }
}

const protobufType = { 'content-type': 'application/vnd.kubernetes.protobuf' };

function* protobufRequests(bytes: number): Generator<HostileRequest> {
  const deep = nested(bytes / 8);
  const bodies: Readonly<Record<string, Buffer>> = {
    'empty map entries': field(2, Buffer.alloc(bytes - (bytes % 2), Buffer.from([0x12, 0x00]))),
    'map entries': field(
      2,
      repeated(bytes, (i) => field(2, Buffer.concat([field(1, Buffer.from(`k${i}`)), field(2, empty)]))),
    ),
    'finalizers without text': field(2, field(1, Buffer.alloc(bytes - (bytes % 3), Buffer.from([0xa2, 0x01, 0x00])))),
    'unknown fields': field(2, Buffer.alloc(bytes - (bytes % 2), Buffer.from([0x78, 0x00]))),
    'messages in messages': deep,
    'a length beyond its end': Buffer.from([0x12, 0xff, 0xff, 0xff, 0x7f]),
    'an endless number': Buffer.concat([Buffer.from([0x08]), Buffer.alloc(bytes, 0xff)]),
    'JSON in managed fields': field(2, field(1, field(17, field(7, field(1, Buffer.from('['.repeat(bytes / 2))))))),
    'broken text': field(
      2,
      field(2, Buffer.concat([field(1, Buffer.alloc(30, 0xff)), field(2, Buffer.alloc(30, 0xc3))])),
    ),
  };
  for (const [name, body] of Object.entries(bodies)) {
    const head = field(1, Buffer.concat([field(1, Buffer.from('v1')), field(2, Buffer.from('ConfigMap'))]));
    yield {
      name: `protobuf: ${name}`,
      method: 'POST',
      path: maps,
      headers: protobufType,
      body: Buffer.concat([Buffer.from('k8s\0'), head, body]),
    };
  }
}

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) out.push((rest & 0x7f) | 0x80);
  out.push(rest);
  return Buffer.from(out);
}

function repeated(bytes: number, make: (i: number) => Buffer): Buffer {
  const out: Buffer[] = [];
  for (let size = 0, i = 0; size < bytes; i++) {
    const next = make(i);
    out.push(next);
    size += next.length;
  }
  return Buffer.concat(out);
}

/** Each level one field that holds the next, built from the inside. */
function nested(levels: number): Buffer {
  const heads: Buffer[] = [];
  let length = 0;
  for (let i = 0; i < levels; i++) {
    const head = Buffer.concat([varint(18), varint(length)]);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat(heads.reverse());
}
