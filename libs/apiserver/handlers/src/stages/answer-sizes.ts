import { type ApiResponse, namesNothing, scopeLabel, verbLabel } from '@kubernest/apiserver/contract';
import { exponentialBuckets, type Histogram, type Metrics, type Observations } from '@kubernest/kit';
import { sizeOf } from '../answers/responses.ts';
import { isRouted, type Passage, type Stage } from './stage.ts';

/** Counts what goes out to who reads. */
export function answerSizes(metrics: Metrics | undefined): Stage {
  const sizes = new AnswerSizes(metrics);
  return {
    answered: (passage, response) => sizes.follow(passage, response),
  };
}

const nothing = { group: '', version: '', resource: '', subresource: '' };

/** How large answers to requests that read are, as they go out. */
class AnswerSizes {
  readonly #sizes: Histogram | undefined;

  constructor(metrics: Metrics | undefined) {
    this.#sizes = metrics?.histogram({
      name: 'apiserver_response_sizes',
      help: 'Size of answers in bytes, by group, version, verb, resource, subresource, scope and component.',
      labels: ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
      buckets: exponentialBuckets(1000, 10, 7),
    });
  }

  follow(passage: Passage, response: ApiResponse): ApiResponse {
    const { info } = passage;
    if (!this.#sizes || (info.verb !== 'get' && info.verb !== 'list')) return response;
    if (response.kind !== 'bytes' && response.kind !== 'pieces') return response;
    // What a client can make up is no label.
    const isKnown = info.isResource && isRouted(passage) && !namesNothing.has(response.status);
    const { group, version, resource, subresource } = isKnown ? info : nothing;
    const sizes = this.#sizes.of(verbLabel(info), group, version, resource, subresource, scopeLabel(info), 'apiserver');
    if (response.kind === 'bytes') {
      sizes.observe(sizeOf(response.body));
      return response;
    }
    return { ...response, pieces: counted(response.pieces, sizes) };
  }
}

/** Of one that is broken off, what went out. */
async function* counted(pieces: AsyncIterable<Uint8Array>, sizes: Observations): AsyncGenerator<Uint8Array, undefined> {
  let size = 0;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      yield piece;
    }
  } finally {
    sizes.observe(size);
  }
}
