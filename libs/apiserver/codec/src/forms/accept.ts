import { notAcceptable } from '@kubernest/meta';

export type Media = 'json' | 'yaml' | 'protobuf';

/** One thing a client is content with: a media type and, where it asked, another shape than the object's own. */
export interface Accept {
  readonly media: Media;
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  /** Version of the shape. */
  readonly asVersion?: 'v1' | 'v1beta1';
}

export const mediaTypes: Readonly<Record<Media, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
};
/** What a type that a client names, or a star in it, stands for. */
export const mediaOf: ReadonlyMap<string, Media> = new Map<string, Media>(
  Object.entries({
    '*/*': 'json',
    'application/*': 'json',
    'application/json': 'json',
    'application/yaml': 'yaml',
    'application/vnd.kubernetes.protobuf': 'protobuf',
  } as const),
);
const DEFAULT: readonly Accept[] = [{ media: 'json' }];
const REMEMBERED = 200;
const remembered = new Map<string, readonly Accept[]>();

/** What an Accept header asks for, best first; only what this server could ever give. */
export function parseAccept(header: string | undefined): readonly Accept[] {
  if (!header) return DEFAULT;
  let accepts = remembered.get(header);
  if (!accepts) {
    accepts = parse(header);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(header, accepts);
  }
  return accepts;
}

function parse(header: string): readonly Accept[] {
  return acceptClauses(header).flatMap(({ type, values }) => {
    const media = mediaOf.get(type);
    if (!media) return [];
    const as = values['as'];
    // compat: a group or a version ask for another shape, too, though they do not say which.
    if (as === undefined) return values['g'] === undefined && values['v'] === undefined ? [{ media }] : [];
    if (as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') return [];
    const asVersion = values['v'] ?? 'v1';
    if (values['g'] !== 'meta.k8s.io' || (asVersion !== 'v1' && asVersion !== 'v1beta1')) return [];
    return [{ media, as, asVersion } satisfies Accept];
  });
}

export interface AcceptClause {
  /** In small letters. */
  readonly type: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What a header lists, best first. compat: of two that are as welcome, the one that names more. */
export function acceptClauses(header: string): readonly AcceptClause[] {
  const clauses = header.split(',').map((clause) => {
    const [type = '', ...params] = clause.split(';').map((part) => part.trim());
    const values = Object.fromEntries(params.map((param) => param.split('=').map((side) => side.trim())));
    return { type: type.toLowerCase(), values: values as Record<string, string>, q: Number(values['q'] ?? 1) };
  });
  return clauses.filter((clause) => clause.q > 0).sort((a, b) => b.q - a.q || stars(a) - stars(b));
}

const stars = ({ type }: AcceptClause): number => type.split('/').filter((part) => part === '*').length;

/** The first thing asked for that `can` be given; 406 when there is none. */
export function negotiate(
  header: string | undefined,
  can: (accept: Accept) => boolean,
  offered: readonly string[] = Object.values(mediaTypes),
): Accept {
  for (const accept of parseAccept(header)) if (can(accept)) return accept;
  throw notAcceptable(offered);
}
