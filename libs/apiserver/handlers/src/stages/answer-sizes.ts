import { type ApiResponse, namesNothing, type RequestInfo, scopeLabel, verbLabel } from '@kubernest/apiserver/contract';
import { exponentialBuckets, type Histogram, type Metrics, type Observations } from '@kubernest/kit';
import { isRouted, type Stage } from './stage.ts';

/** Counts what goes out to who reads. */
export function answerSizes(metrics: Metrics | undefined): Stage {
  const sizes = new AnswerSizes(metrics);
  return {
    answered: (passage, response) => sizes.follow({ info: passage.info, routed: isRouted(passage) }, response),
  };
}

interface Answered {
  readonly info: RequestInfo;
  /** It came as far as what answers it: what it names there is, unless the answer says that there is not. */
  readonly routed: boolean;
}

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

  /** What a client can make up is no label. */
  follow({ info, routed }: Answered, response: ApiResponse): ApiResponse {
    if (!this.#sizes || (info.verb !== 'get' && info.verb !== 'list')) return response;
    if (response.kind !== 'bytes' && response.kind !== 'pieces') return response;
    const isKnown = info.isResource && routed && !namesNothing.has(response.status);
    const named = isKnown ? [info.group, info.version, info.resource, info.subresource] : ['', '', '', ''];
    const sizes = this.#sizes.of(verbLabel(info), ...named, scopeLabel(info), 'apiserver');
    if (response.kind === 'bytes') {
      sizes.observe(response.body.reduce((size, { length }) => size + length, 0));
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
