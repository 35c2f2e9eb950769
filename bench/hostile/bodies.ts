/** A request that means harm, or that is large and means none. */
export interface HostileRequest {
  readonly name: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const fill = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));
const lines = (bytes: number, line: (i: number) => string): string => {
  const out: string[] = [];
  for (let size = 0, i = 0; size < bytes; i++) {
    const next = line(i);
    out.push(next);
    size += next.length;
  }
  return out.join('');
};
const items = (bytes: number, item: (i: number) => string): string =>
  lines(bytes, (i) => `${i === 0 ? '' : ','}${item(i)}`);

/** JSON texts: how a ConfigMap, or what calls itself one, can be. */
export const jsonBodies: Readonly<Record<string, (bytes: number) => string>> = {
  'deep lists': (n) => `{"a":${fill('[', n / 2)}${fill(']', n / 2)}}`,
  'deep lists, allowed': () => `{"a":${'['.repeat(9990)}${']'.repeat(9990)}}`,
  'unclosed lists': (n) => fill('[', n),
  'unclosed objects': (n) => fill('{"a":', n),
  'empty objects': (n) => `{"a":[${items(n, () => '{}')}]}`,
  'small objects': (n) => `{"a":[${items(n, (i) => `{"k${i % 100}":${i}}`)}]}`,
  quotes: (n) => fill('"', n),
  backslashes: (n) => `"${fill('\\', n)}`,
  'one long string': (n) => `{"data":{"a":"${fill('\\u00e9', n)}"}}`,
  'one key again and again': (n) => `{"data":{${items(n, (i) => `"a":"${i}"`)}}}`,
  'keys given twice': (n) => `{"data":{${items(n, (i) => `"k${i >> 1}":""`)}}}`,
  'unknown fields': (n) => `{${items(n, (i) => `"f${i}":1`)}}`,
  'deep unknown fields given twice': () => `${'{"a":1,"a":'.repeat(4000)}1${'}'.repeat(4000)}`,
  'huge integers': (n) => `{"a":[${items(n, () => '12345678901234567890')}]}`,
  'one endless integer': (n) => `{"a":${fill('7', n)}}`,
  'numbers beyond range': (n) => `{"a":[${items(n, () => '1e999')}]}`,
  'many short keys': (n) => `{"data":{${items(n, (i) => `"k${i}":""`)}}}`,
  'many labels': (n) => `{"metadata":{"name":"x","labels":{${items(n, (i) => `"k${i}":"v"`)}}}}`,
  'many wrong labels': (n) => `{"metadata":{"name":"x","labels":{${items(n, (i) => `"-${i}":"-"`)}}}}`,
  'many finalizers': (n) => `{"metadata":{"name":"x","finalizers":[${items(n, (i) => `"a.b/f${i}"`)}]}}`,
  'many controllers': (n) =>
    `{"metadata":{"name":"x","ownerReferences":[${items(n, (i) => `{"apiVersion":"v1","kind":"Pod","name":"p${i}","uid":"${i}","controller":true}`)}]}}`,
  'deep managed fields': (n) =>
    `{"metadata":{"name":"x","managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":${fill('{"f:a":', n / 2)}{}${fill('}', n / 8)}}]}}`,
  'prototype keys': () =>
    '{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},"metadata":{"name":"x","labels":{"__proto__":"a","constructor":"b"}},"data":{"__proto__":"a","toString":"b","hasOwnProperty":"c"}}',
  'objects for names': () => '{"apiVersion":{"toString":1},"kind":{"toString":1},"metadata":{"name":{"toString":1}}}',
  blanks: (n) => `{"a":1${fill(' ', n)}}`,
  'blanks behind quotes': (n) => `{"a${fill('" ', n)}`,
  'half a character': () => '{"metadata":{"name":"x"},"data":{"a":"\\ud800","b":"\\u0000"}}',
  'a legal map of large values': (n) => `{"metadata":{"name":"legal-large"},"data":{"a":"${fill('x', n / 4)}"}}`,
};

/** Each 900 levels deeper than the one before. */
const deeperAliases = (count: number): string =>
  `k0: &a0 ${'['.repeat(900)}${']'.repeat(900)}\n${Array.from({ length: count }, (_, i) => `k${i + 1}: &a${i + 1} ${'['.repeat(i === 0 ? 99 : 900)}*a${i}${']'.repeat(i === 0 ? 99 : 900)}\n`).join('')}`;

/** One value, again and again: `bytes` of aliases. */
const aliasesOf = (value: string, bytes: number): string => `a: &a ${value}\nb: [${fill('*a, ', bytes)}]\n`;

/** Only YAML's. What is JSON is YAML too. */
export const yamlBodies: Readonly<Record<string, (bytes: number) => string>> = {
  quotes: (n) => fill('"', n),
  'flow without brackets': (n) => fill('a: b, ', n),
  'flow pairs': (n) => `{${lines(n, (i) => `k${i}: b, `)}}`,
  'many keys': (n) => `data:\n${lines(n, (i) => `  k${i}: ""\n`)}`,
  'keys given twice': (n) => fill('a: 1\n', n),
  'lists in lists': (n) => fill('[', n),
  dashes: (n) => fill('- ', n),
  'question marks': (n) => fill('? ', n),
  tags: (n) => `a: ${fill('!', n)}`,
  anchors: (n) => lines(n, (i) => `- &a${i} x\n`),
  documents: (n) => fill('---\n', n),
  indentation: (n) => lines(n, (i) => `${' '.repeat(i % 2000)}a:\n`),
  'folded lines': (n) => `a: >\n${fill('  x\n', n)}`,
  'quoted lines': (n) => `a: "${fill('x\n', n)}"`,
  'brackets on lines of their own': (n) => `a: [\n${fill('1,\n', n)}]`,
  'aliases of aliases': () =>
    `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]\n`).join('')}`,
  'aliases that lead deeper': () => deeperAliases(20),
  'aliases that lead as deep as allowed': () => deeperAliases(1),
  'aliases of wide maps': (n) => aliasesOf(`{${Array.from({ length: 3900 }, (_, i) => `k${i}: 1`).join(', ')}}`, n),
  'aliases of wide maps, few': () => aliasesOf(`{${Array.from({ length: 3900 }, (_, i) => `k${i}`).join(',')}}`, 160),
  'aliases of long lists': () => aliasesOf(`[${'x,'.repeat(10_000)}]`, 120),
  'aliases in one kilobyte': () => aliasesOf(`[${'x,'.repeat(350)}]`, 300),
  'aliases of a long text': (n) => `a: &a ${fill('x', n / 2)}\nb: [${fill('*a,', n / 2)}]`,
  'merge keys': (n) => `a: &a {${lines(4000, (i) => `k${i}: 1, `)}}\nb:\n${fill('  <<: *a\n', n)}`,
  'a merge of itself': () => 'a: &a\n  <<: *a\n',
  'a cycle': () => 'a: &a [*a]\n',
  base64: (n) => `a: !!binary "${fill('=', n)}x"`,
  digits: (n) => `a: ${fill('7', n)}`,
  underscores: (n) => `a: ${fill('1_', n)}`,
  'prototype keys': () =>
    'metadata: {name: x}\n__proto__: {a: 1}\nconstructor: {b: 1}\ndata: {__proto__: a, <<: {constructor: b}}\n',
};

const jsonPatchOf = (bytes: number, operation: (i: number) => string): string => `[${items(bytes, operation)}]`;

/** By patch type: what is sent to an object that exists. */
export const patchBodies: Readonly<Record<string, Readonly<Record<string, (bytes: number) => string>>>> = {
  'application/json-patch+json': {
    'copies of copies': () =>
      `[{"op":"add","path":"/data","value":{"a":{"x":"1"}}},${Array.from({ length: 30 }, (_, i) => `{"op":"copy","from":"/data","path":"/data/c${i}"}`).join(',')}]`,
    'copies into themselves': () =>
      `[{"op":"add","path":"/data","value":{}},${Array.from({ length: 60 }, (_, i) => `{"op":"copy","from":"/data","path":"/data${'/c'.repeat(i + 1)}"}`).join(',')}]`,
    'too many operations': (n) => jsonPatchOf(n, () => '{"op":"test","path":"/data/a","value":"1"}'),
    'items put in front': () =>
      `[{"op":"add","path":"/metadata/finalizers","value":[${items(400_000, (i) => `"a.b/f${i}"`)}]},${Array.from({ length: 9000 }, (_, i) => `{"op":"add","path":"/metadata/finalizers/0","value":"a.b/g${i}"}`).join(',')}]`,
    'moves to and fro': () =>
      `[${Array.from({ length: 9000 }, (_, i) => `{"op":"move","from":"/data/${i % 2 ? 'b' : 'a'}","path":"/data/${i % 2 ? 'a' : 'b'}"}`).join(',')}]`,
    'a long path': (n) => `[{"op":"add","path":"${fill('/a', n)}","value":1}]`,
    'a deep value': () => `[{"op":"add","path":"/data","value":${'['.repeat(5000)}${']'.repeat(5000)}}]`,
    'prototype paths': () =>
      '[{"op":"add","path":"/__proto__/polluted","value":1},{"op":"add","path":"/constructor/prototype/polluted","value":1}]',
    'large tests': (n) => `[{"op":"test","path":"","value":{${items(n, (i) => `"k${i}":1`)}}}]`,
  },
  'application/merge-patch+json': {
    'deep objects': (n) => `${fill('{"a":', n / 2)}1${fill('}', n / 10)}`,
    'deep objects, allowed': () => `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`,
    'many keys': (n) => `{"data":{${items(n, (i) => `"k${i}":"${i}"`)}}}`,
    'many nulls': (n) => `{"data":{${items(n, (i) => `"k${i}":null`)}}}`,
    'another namespace': () => '{"metadata":{"namespace":"kube-system"}}',
    'prototype keys': () =>
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"data":{"__proto__":"x"}}',
    'objects for names': () => '{"apiVersion":{"toString":1},"metadata":{"name":{"a":1},"labels":5}}',
  },
  'application/strategic-merge-patch+json': {
    'many finalizers': (n) => `{"metadata":{"finalizers":[${items(n, (i) => `"a.b/f${i}"`)}]}}`,
    'finalizers to delete': (n) =>
      `{"metadata":{"finalizers":[${items(n / 2, (i) => `"a.b/f${i}"`)}],"$deleteFromPrimitiveList/finalizers":[${items(n / 2, (i) => `"a.b/f${i}"`)}]}}`,
    'finalizers in order': (n) =>
      `{"metadata":{"finalizers":[${items(n / 2, (i) => `"a.b/f${i}"`)}],"$setElementOrder/finalizers":[${items(n / 2, (i) => `"a.b/f${i}"`)}]}}`,
    'many owners': (n) =>
      `{"metadata":{"ownerReferences":[${items(n, (i) => `{"apiVersion":"v1","kind":"Pod","name":"p${i}","uid":"${i}"}`)}]}}`,
    'owners to delete': (n) =>
      `{"metadata":{"ownerReferences":[${items(n, (i) => `{"$patch":"delete","uid":"${i}"}`)}]}}`,
    'retained keys': (n) => `{"data":{"$retainKeys":[${items(n, (i) => `"k${i}"`)}],"k1":"1"}}`,
    'deep objects': (n) => `${fill('{"a":', n / 2)}1${fill('}', n / 10)}`,
    'a strange directive': () => '{"metadata":{"$patch":{"toString":1}}}',
    'huge merge keys': () => '{"metadata":{"ownerReferences":[{"uid":12345678901234567890},{"name":"x"}]}}',
  },
  'application/apply-patch+yaml': {
    quotes: (n) => fill('"', n),
    'many keys': (n) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: target}\ndata:\n${lines(n, (i) => `  k${i}: ""\n`)}`,
    'aliases of aliases': yamlBodies['aliases of aliases']!,
    'many finalizers': (n) =>
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"target","finalizers":[${items(n, (i) => `"a.b/f${i}"`)}]}}`,
    'one finalizer again and again': (n) =>
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"target","finalizers":[${items(n, () => '"a.b/f"')}]}}`,
  },
};

const long = 14_000;

/** Behind the `?` of a list. All that a request's head may hold. */
export const queries: Readonly<Record<string, string>> = {
  'a selector of many keys': `labelSelector=${encodeURIComponent(items(long / 2, (i) => `!k${i}`))}`,
  'a selector of many values': `labelSelector=${encodeURIComponent(`a in (${items(long / 2, (i) => `v${i}`)})`)}`,
  'a selector of commas': `labelSelector=${','.repeat(long)}`,
  'a selector of brackets': `labelSelector=${'('.repeat(long)}`,
  'a selector beyond range': `labelSelector=${encodeURIComponent(`a>${'9'.repeat(long)}`)}`,
  'a selector of prototypes': `labelSelector=${encodeURIComponent('a constructor b')}`,
  'a prototype for a label': 'labelSelector=__proto__%3Da,constructor',
  'a field selector of backslashes': `fieldSelector=metadata.name%3D${'%5C'.repeat(long / 3)}`,
  'a field selector of equals': `fieldSelector=${'%3D'.repeat(long / 3)}`,
  'a field selector of prototypes': 'fieldSelector=__proto__%3Da',
  'a field selector of constructors': 'fieldSelector=constructor%3Da',
  'a forged continue token': `continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":1e999,"start":"\\u0000"}').toString('base64url')}`,
  'a continue token that is a number': `continue=${Buffer.from('5').toString('base64url')}`,
  'a continue token of null': `continue=${Buffer.from('null').toString('base64url')}`,
  'a continue token that climbs': `continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"../../secrets/\\u0000"}').toString('base64url')}`,
  'a continue token of rubbish': `continue=${'A'.repeat(long)}`,
  'a limit beyond range': `limit=${'9'.repeat(long)}`,
  'a limit of letters': 'limit=abc',
  'a limit below zero': 'limit=-1',
  'a resource version of letters': 'resourceVersion=abc',
  'a resource version beyond range': `resourceVersion=${'9'.repeat(40)}`,
  'a resource version below zero': 'resourceVersion=-1',
  'a timeout beyond range': 'timeoutSeconds=1e99',
  'a broken percent sign': 'labelSelector=%E0%A4%A',
  'a NUL': 'labelSelector=a%00b',
  'a prototype for a name': '__proto__=1&constructor=2&hasOwnProperty=3',
};

export const headerSets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'an accept of commas': { accept: ','.repeat(long) },
  'an accept of semicolons': { accept: `application/json${';'.repeat(long)}` },
  'an accept of prototypes': { accept: 'constructor, __proto__;as=__proto__;g=constructor' },
  'an accept of equals': { accept: `application/json;${'='.repeat(long)}` },
  'a content type of prototypes': { 'content-type': 'constructor' },
  'a content type of __proto__': { 'content-type': '__proto__' },
  'a content type of semicolons': { 'content-type': ';'.repeat(long) },
  'an agent of slashes': { 'user-agent': '/'.repeat(long) },
  'a bearer of dots': { authorization: `Bearer ${'.'.repeat(long)}` },
};
