import { execFileSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { decodeProtobuf, encodeProtobuf, metaSchema } from '@kubernest/definitions';
import { apiSchema, bodyTypes, builtInTypes, builtinKinds } from '@kubernest/kinds';
import { apiVersionOf, type Json, type StructSchema } from '@kubernest/meta';

/**
 * `tsx tools/check-facts.ts <checkout of kubernetes/api> [revision] [level]` compares our protobuf with the reference's own
 * fully populated examples, both ways and byte for byte, for each of our kinds, and every enum, list and format against the JSON.
 */
const [checkout, revision = 'HEAD', level = 'v1.36.0'] = process.argv.slice(2);
if (!checkout) throw new Error('usage: check-facts <checkout of kubernetes/api> [revision] [level]');

function show(path: string): Buffer | undefined {
  try {
    return execFileSync('git', ['-C', checkout!, 'show', `${revision}:${path}`], {
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

/** Where two values differ, as paths. */
function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  if (ours === null || theirs === null || typeof ours !== 'object' || typeof theirs !== 'object')
    return [`${path}: ${JSON.stringify(ours)} instead of ${JSON.stringify(theirs)}`];
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys].flatMap((key) =>
    differences((ours as Record<string, unknown>)[key], (theirs as Record<string, unknown>)[key], `${path}.${key}`),
  );
}

function check(name: string, apiVersion: string, kind: string, schema: StructSchema): boolean {
  const json = show(`testdata/${level}/${name}.json`);
  const pb = show(`testdata/${level}/${name}.pb`);
  if (!json || !pb) {
    console.log(`- ${name}: the reference has no example`);
    return true;
  }
  const expected = JSON.parse(json.toString()) as Json;
  const decoded = decodeProtobuf(pb, () => schema);
  const encoded = encodeProtobuf({ apiVersion, kind }, schema, expected);
  const faults = differences(decoded, expected);
  if (!encoded.equals(pb)) {
    const again = decodeProtobuf(encoded, () => schema);
    faults.push(`bytes differ (${encoded.length} instead of ${pb.length})`, ...differences(again, expected));
  }
  console.log(`${faults.length ? '✗' : '✓'} ${name}${faults.map((fault) => `\n    ${fault}`).join('')}`);
  return faults.length === 0;
}

const subjects = [...builtinKinds, ...bodyTypes].filter(({ kind }) => !/Options$|^Status$/.test(kind));
const results = subjects.map((subject) =>
  check(
    `${subject.group || 'core'}.${subject.version}.${subject.kind}`,
    apiVersionOf(subject),
    subject.kind,
    subject.schema as StructSchema,
  ),
);
results.push(
  check('core.v1.PodTemplate', 'v1', 'PodTemplate', {
    type: 'struct',
    fields: {
      metadata: { schema: metaSchema('ObjectMeta'), protobuf: 1 },
      template: { schema: apiSchema('core/v1', 'PodTemplateSpec'), protobuf: 2 },
    },
  }),
);
console.log(
  `${results.filter(Boolean).length} of ${results.length} right; ${builtInTypes.names().length} types in the table`,
);
process.exitCode = results.every(Boolean) ? 0 : 1;
