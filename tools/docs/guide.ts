import { type Step, stepsOf } from './steps.ts';

/**
 * What a guide's commands need to be running: a cluster with real containers, one with simulated nodes, nothing, as they start it themselves,
 * or nothing but systemd.
 */
const kinds = ['real', 'hollow', 'none', 'systemd'] as const;
export type ClusterKind = (typeof kinds)[number];

export interface Guide {
  /** Undefined: it has no commands. */
  readonly cluster: ClusterKind | undefined;
  readonly steps: readonly Step[];
}

/** A guide's shell blocks say for what cluster they are: ```` ```sh hollow ````. Throws where one does not, or says another than the first. */
export function readGuide(markdown: string): Guide {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash|shell|console)\b ?(.*)\n([\s\S]*?)^```/gm)];
  const [first] = blocks.map(([, kind]) => kind!);
  for (const [, kind, block] of blocks) {
    if (!kinds.some((known) => known === kind))
      throw new Error(`a block says for no cluster (one of ${kinds.join(', ')}): ${block}`);
    if (kind !== first) throw new Error(`a block is for ${kind} in a guide for ${first}: ${block}`);
  }
  return { cluster: first as ClusterKind | undefined, steps: blocks.flatMap(([, , block]) => stepsOf(block!)) };
}
