import type { CacheEntry, Draft } from '@kubernest/apiserver/codec';
import type { AdmissionCall } from '@kubernest/apiserver/contract';
import type { KubeObject, ManagedFieldsEntry } from '@kubernest/meta';
import type { WriteEngine } from '../engine.ts';
import type { WriteCall } from './write-call.ts';

/** One attempt to write an object: what its steps share. */
export interface DraftWrite {
  readonly engine: WriteEngine;
  /** Becomes a large one where a step finds that out. */
  call: WriteCall;
  /** The attempt's own copy, with its defaults; each step changes it in place. */
  readonly draft: Draft;
  /** What is stored, when this is a change. Frozen. */
  readonly old: KubeObject | undefined;
  /** Where `old` comes from: in the same version. */
  readonly base: CacheEntry | undefined;
  readonly admissionCall: AdmissionCall;
  /** Who owns its fields, where that is already known (apply, and what is changed by what stands for it). */
  owned: readonly ManagedFieldsEntry[] | undefined;
  /** A changed spec is no new generation (binding). */
  readonly keepsGeneration: boolean;
  /** Admission changed the draft, which may lack defaults since. */
  admissionChanged: boolean;
}
