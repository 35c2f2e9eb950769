import type { KubeObject } from '@kubernest/meta';
import { kindOf, now, words } from '../../kind-faults.fixture.ts';

type Fields = { readonly [key: string]: unknown };

/** A version as most have it: served, stored where it is the first, with a schema that says nothing. */
export const version = (name: string, fields: Fields = {}): Fields => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object' } },
  ...fields,
});

/** A definition of lamps with what is special about its spec. */
export const lamps = (spec: Fields = {}, beside: Fields = {}): object => ({
  metadata: { name: 'lamps.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList' },
    versions: [version('v1')],
    ...spec,
  },
  ...beside,
});

export const named = (names: Fields): object =>
  lamps({ names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList', ...names } });

/** With one version that is special. */
export const versioned = (fields: Fields): object => lamps({ versions: [version('v1', fields)] });

/** With this schema in its one version. */
export const rooted = (openAPIV3Schema: Fields): object =>
  versioned({ schema: { openAPIV3Schema: { type: 'object', ...openAPIV3Schema } } });

/** With one field `a` that is special. */
export const holding = (a: Fields): object => rooted({ properties: { a } });

/** With a status that is a subresource. */
export const withStatus = (openAPIV3Schema: Fields): object =>
  versioned({ schema: { openAPIV3Schema }, subresources: { status: {} } });

/** With objects converted like this. */
export const converting = (conversion: Fields): object => lamps({ conversion });

export const byWebhook = (webhook: Fields): object =>
  converting({
    strategy: 'Webhook',
    webhook: { clientConfig: { url: 'https://example.com' }, conversionReviewVersions: ['v1'], ...webhook },
  });

export const calling = (clientConfig: Fields): object => byWebhook({ clientConfig });

export const selecting = (paths: readonly (string | undefined)[], properties: Fields = {}): object =>
  versioned({
    schema: { openAPIV3Schema: { type: 'object', properties } },
    selectableFields: paths.map((jsonPath) => ({ jsonPath })),
  });

export const scaling = (scale: Fields): object => versioned({ subresources: { scale } });
export const column = (fields: Fields): object =>
  versioned({ additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '.spec.a', ...fields }] });

export const ruled = (...rules: readonly Fields[]): object =>
  holding({ type: 'object', properties: { b: { type: 'string' } }, 'x-kubernetes-validations': rules });

export const mapOf = (items: unknown, keys: readonly string[] = ['b']): object =>
  holding({ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, maxItems: 5, items });

export const setOf = (items: unknown): object => holding({ type: 'array', 'x-kubernetes-list-type': 'set', items });

export const list = (n: number) => Array.from({ length: n }, (_, i) => i);

/** What stands so often in faults that it would hide the rest. */
const abbreviations: readonly (readonly [string, string])[] = [
  ['spec.validation.openAPIV3Schema', '@'],
  [
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    'LABEL',
  ],
  [
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    'SUBDOMAIN',
  ],
];

const shortened = (fault: string): string =>
  abbreviations.reduce((text, [long, short]) => text.replaceAll(long, short), fault);

const definition = kindOf('CustomResourceDefinition');
const draftOf = (object: object): KubeObject => structuredClone(object) as KubeObject;

/** As it is stored. */
function completed(object: object): KubeObject {
  const draft = draftOf(object);
  definition.defaults!(draft);
  return draft;
}

/** The faults of a new definition. */
export function faultsOfNew(object: object): string[] {
  const draft = draftOf(object);
  definition.prepareForCreate!(draft);
  definition.defaults!(draft);
  return words(definition.validate!(draft, { subresource: '', now })).map(shortened);
}

/** The faults of a change, which leaves the status as it was. */
export function faultsOfNext(before: object, after: object): string[] {
  const old = completed(before) as KubeObject & { status?: object };
  const draft = draftOf({ ...after, status: old.status });
  definition.prepareForUpdate!(draft, old);
  definition.defaults!(draft);
  const context = { subresource: '', now, old };
  return words([...definition.validate!(draft, context), ...definition.validateUpdate!(draft, old, context)]).map(
    shortened,
  );
}

/** What people are told of a definition that is fine, new or after `before`. */
export function warningsOf(object: object, before?: object): readonly string[] {
  return definition.warnings!(completed(object), { subresource: '', now, ...(before && { old: completed(before) }) });
}
