import type { Node } from '@kubernest/api-types/core/v1';
import type { Milliseconds } from '@kubernest/kit';
import type { ClusterFacts } from './cluster-dir.ts';
import { nodeNameOf } from './programs.ts';

/** A start whose nodes are waited for. */
export interface NodeStart {
  /** When it began: what was reported before is another's word. */
  readonly begunAt: Date;
  isOwn(name: string): boolean;
}

export interface StartOptions {
  readonly runtime: 'docker' | 'hollow';
  readonly hollowNodes: number;
}

/** The nodes that a start brings up, by their names. */
export function ownNodes(facts: ClusterFacts, { runtime, hollowNodes }: StartOptions): (name: string) => boolean {
  if (runtime === 'docker') return (name) => name === nodeNameOf(facts);
  return (name) => {
    const [, index] = /^hollow-(0|[1-9]\d*)$/.exec(name) ?? [];
    return index !== undefined && Number(index) < hollowNodes;
  };
}

/** What a Node says of this start: nothing where it is another's, or its word is from before. */
export function wordOf(node: Node, { isOwn, begunAt }: NodeStart): { ready: boolean; why?: string } | undefined {
  if (!isOwn(node.metadata.name ?? '')) return undefined;
  const condition = node.status?.conditions?.find(({ type }) => type === 'Ready');
  // The wire's times are whole seconds.
  const begun: Milliseconds = Math.floor(+begunAt / 1000) * 1000;
  if (!condition?.lastHeartbeatTime || Date.parse(condition.lastHeartbeatTime) < begun) return undefined;
  return { ready: condition.status === 'True', ...(condition.message ? { why: condition.message } : {}) };
}
