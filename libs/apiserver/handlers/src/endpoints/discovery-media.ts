import { acceptClauses, type Media, mediaOf, mediaTypes, paced, toYaml } from '@kubernest/apiserver/codec';
import { aggregatedDiscoverySchema, encodeProtobufInSteps } from '@kubernest/definitions';
import { notAcceptable, parseJsonInSteps, type Steps } from '@kubernest/meta';
import type { DiscoveryDocument } from './discovery-documents.ts';

export interface Wanted {
  readonly media: Media;
  /** Everything at once. */
  readonly isAggregated: boolean;
}

/**
 * What of a header can be given: the first thing that is. `atRoot`: everything at once, too. compat: of v2, as v2beta1 is served no more.
 * Throws 406.
 */
export function wantedIn(accept: string | undefined, { atRoot }: { readonly atRoot: boolean }): Wanted {
  for (const { type, values } of acceptClauses(accept || '*/*')) {
    const media = mediaOf.get(type);
    if (!media) continue;
    const { as, g, v } = values;
    if (as === undefined && g === undefined && v === undefined) return { media, isAggregated: false };
    if (atRoot && as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2')
      return { media, isAggregated: true };
  }
  throw notAcceptable(Object.values(mediaTypes));
}

const made = new WeakMap<DiscoveryDocument, Map<Media, Promise<Buffer>>>();

/** A document in another form than JSON: made once, in steps, as there may be hundreds of kinds in it. */
export function inMedia(document: DiscoveryDocument, media: Media): Promise<Buffer> | Buffer {
  if (media === 'json') return document.bytes;
  const forms = made.getOrInsertComputed(document, () => new Map());
  return forms.getOrInsertComputed(media, () => paced(media === 'yaml' ? yamlOf(document) : protobufOf(document)));
}

function* yamlOf({ bytes }: DiscoveryDocument): Steps<Buffer> {
  const parts: Uint8Array[] = [];
  for (const part of toYaml((yield* parseJsonInSteps(bytes.toString('utf8'))) as object))
    if (part) parts.push(part);
    else yield;
  return Buffer.concat(parts);
}

const type = { apiVersion: 'apidiscovery.k8s.io/v2', kind: 'APIGroupDiscoveryList' } as const;

function* protobufOf({ bytes }: DiscoveryDocument): Steps<Buffer> {
  const document = yield* parseJsonInSteps(bytes.toString('utf8'));
  return yield* encodeProtobufInSteps(type, aggregatedDiscoverySchema(), document);
}
