import type { KubeObject, ObjectMeta } from '@kubernest/meta';
import { badRequest } from '@kubernest/meta';
import type { ApiCall } from '../../src/client.ts';

export type DraftMeta = { -readonly [Member in keyof ObjectMeta]: ObjectMeta[Member] };
export interface Draft {
  apiVersion?: string;
  kind?: string;
  metadata?: DraftMeta;
  spec?: unknown;
  status?: unknown;
  [member: string]: unknown;
}

export function meta(draft: Draft): DraftMeta & { name: string } {
  draft.metadata ??= {};
  return draft.metadata as DraftMeta & { name: string };
}

/** Merge patches as RFC 7386 has them, JSON patches with add, replace, remove and test. Strategic ones are not modelled. */
export function applyPatch(old: KubeObject, call: ApiCall): unknown {
  const type = call.headers?.['content-type'];
  if (type === 'application/merge-patch+json') return mergePatch(old, call.body);
  if (type === 'application/json-patch+json') return jsonPatch(old, call.body as unknown as readonly Operation[]);
  throw badRequest(`the memory API has no ${type}`);
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    target && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {};
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) delete result[member];
    else result[member] = mergePatch(result[member], value);
  }
  return result;
}

interface Operation {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

function jsonPatch(old: unknown, operations: readonly Operation[]): unknown {
  const root = structuredClone(old) as Record<string, unknown>;
  for (const { op, path, value } of operations) {
    const steps = path
      .slice(1)
      .split('/')
      .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
    const last = steps.pop()!;
    const parent = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], root) as Record<
      string,
      unknown
    >;
    if (op === 'test') {
      if (JSON.stringify(parent?.[last]) !== JSON.stringify(value)) throw badRequest(`test of ${path} failed`);
    } else if (op === 'remove') {
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete parent[last];
    } else if (Array.isArray(parent) && op === 'add')
      parent.splice(last === '-' ? parent.length : Number(last), 0, value);
    else parent[last] = value;
  }
  return root;
}
