import type { Taint } from '@kubernest/api-types/core/v1';
import type { Node } from '@kubernest/kinds';

export const noExecuteTaints = (node: Node): readonly Taint[] =>
  ((node.spec?.taints ?? []) as readonly Taint[]).filter((taint) => taint.effect === 'NoExecute');

/** Since when this process has known the NoExecute taints of each node. */
export class TaintWatch {
  readonly #nodes = new Map<string, Map<string, Date>>();

  /** What the node has now is known from now on; what it has no more is forgotten. */
  saw(node: Node, now: Date): void {
    const before = this.#nodes.get(node.metadata.name!);
    const present = noExecuteTaints(node).map((taint) => [idOf(taint), before?.get(idOf(taint)) ?? now] as const);
    if (present.length > 0) this.#nodes.set(node.metadata.name!, new Map(present));
    else this.#nodes.delete(node.metadata.name!);
  }

  forget(nodeName: string): void {
    this.#nodes.delete(nodeName);
  }

  /** Of a taint that `saw` was told of. */
  firstSeen(nodeName: string, taint: Taint): Date {
    return this.#nodes.get(nodeName)!.get(idOf(taint))!;
  }
}

const idOf = ({ key, value }: Taint): string => `${key}=${value ?? ''}`;
