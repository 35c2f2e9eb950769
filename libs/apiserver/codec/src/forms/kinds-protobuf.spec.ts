import { builtinKinds } from '@kubernest/kinds';
import type { KubeObject } from '@kubernest/meta';
import { expect, it } from 'vitest';
import { decodeBody } from '../bodies/decode-body.ts';
import { kindsProtobuf } from './kinds-protobuf.ts';

const kindOf = (kind: string) => builtinKinds.find((each) => each.kind === kind)!;

it.each(['Secret', 'TokenReview', 'Deployment'])('a %s in place of a ConfigMap is refused as it is in JSON', (kind) => {
  const sent = kindOf(kind);
  const object = sent.example as KubeObject;
  const refusal = (contentType: string, bytes: Uint8Array) => {
    const call = { contentType, bytes, expected: kindOf('ConfigMap'), protobuf: kindsProtobuf } as const;
    try {
      return decodeBody({ ...call, fieldValidation: 'Ignore', warn: () => {} });
    } catch (error) {
      return (error as Error).message;
    }
  };
  const inJson = refusal('application/json', Buffer.from(JSON.stringify(object)));
  expect(inJson).toMatch(/does not match|cannot be handled as a ConfigMap/);
  expect(refusal('application/vnd.kubernetes.protobuf', kindsProtobuf.encode(object, sent))).toBe(inJson);
});
