import { kindsProtobuf } from '@kubernest/apiserver/codec';
import { type BytesResponse, type PiecesResponse, wholeOf } from '@kubernest/apiserver/contract';
import type { ResourceDefinition } from '@kubernest/definitions';
import { builtinKinds } from '@kubernest/kinds';
import { decodeObject, type KubeObject } from '@kubernest/meta';
import { requestFor, type TestServer, testServer } from '@kubernest/testkit/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface FormOfBytes {
  readonly type: string;
  /** In protobuf a list with nothing in it is no list. */
  readonly keepsEmptyLists: boolean;
  write(object: KubeObject, kind: ResourceDefinition): string | Uint8Array;
  read(bytes: Uint8Array, kind: ResourceDefinition): unknown;
}

const text = (bytes: Uint8Array, form: 'json' | 'yaml', { kind }: ResourceDefinition): unknown =>
  decodeObject(bytes, form, { expectedKind: kind }).value;
const forms: readonly FormOfBytes[] = [
  {
    type: 'application/json',
    keepsEmptyLists: true,
    write: (object) => JSON.stringify(object),
    read: (bytes, kind) => text(bytes, 'json', kind),
  },
  {
    type: 'application/yaml',
    keepsEmptyLists: true,
    // Every value on a line of its own, as people write it.
    write: (object) => yamlOf(object, ''),
    read: (bytes, kind) => text(bytes, 'yaml', kind),
  },
  {
    type: 'application/vnd.kubernetes.protobuf',
    keepsEmptyLists: false,
    write: (object, kind) => kindsProtobuf.encode(object, kind),
    read: (bytes, kind) => kindsProtobuf.decode(bytes, kind),
  },
];

function yamlOf(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return ` ${JSON.stringify(value)}`;
  const lines = Array.isArray(value)
    ? value.map((item) => `${indent}-${yamlOf(item, `${indent}  `)}`)
    : Object.entries(value).map(([key, item]) => `${indent}${JSON.stringify(key)}:${yamlOf(item, `${indent}  `)}`);
  return `\n${lines.join('\n')}`;
}

const withoutEmptyLists = (object: object): unknown =>
  JSON.parse(JSON.stringify(object, (_, value) => (Array.isArray(value) && value.length === 0 ? undefined : value)));

let api: TestServer;
beforeEach(async () => {
  api = await testServer();
});
afterEach(() => api?.[Symbol.asyncDispose]());

async function ask(line: string, body: string | Uint8Array | undefined, headers: Record<string, string>) {
  const response = (await api.server.handle(requestFor(line, body, headers), api.ctx)) as
    | BytesResponse
    | PiecesResponse;
  return { status: response.status, type: response.headers['content-type'], bytes: await wholeOf(response) };
}

const stored = builtinKinds.filter(({ virtual }) => !virtual);

describe.each(stored.map((kind) => [`${kind.group || 'core'} ${kind.kind}`, kind] as const))('%s', (_, kind) => {
  const { group, version, plural, namespaced, example } = kind;
  const path = `/${group ? `apis/${group}` : 'api'}/${version}/${namespaced ? 'namespaces/default/' : ''}${plural}`;

  it.each(forms)('sent as $type is stored, and read in every form, as it is in JSON', async ({ type, write }) => {
    const { metadata } = example as KubeObject;
    const sent = { ...(example as KubeObject), metadata: { ...metadata, ...(namespaced && { namespace: 'default' }) } };
    const made = await ask(`POST ${path}`, write(sent, kind), { 'content-type': type });
    expect([made.status, made.status < 300 || made.bytes.toString()]).toEqual([201, true]);
    const objectPath = `${path}/${metadata.name}`;
    const inJson = (await api.call(`GET ${objectPath}`)).object;
    expect(inJson).toMatchObject({ kind: kind.kind, metadata: { name: metadata.name } });
    for (const form of forms) {
      const got = await ask(`GET ${objectPath}`, undefined, { accept: form.type });
      expect(got.type).toBe(form.type);
      expect(form.read(got.bytes, kind)).toEqual(form.keepsEmptyLists ? inJson : withoutEmptyLists(inJson));
      // What was read may be written again, and nothing has changed.
      const headers = { 'content-type': form.type, accept: 'application/json' };
      const again = await ask(
        `PUT ${objectPath}`,
        write === form.write ? got.bytes : form.write(inJson, kind),
        headers,
      );
      expect(JSON.parse(again.bytes.toString())).toEqual(inJson);
    }
  });
});
