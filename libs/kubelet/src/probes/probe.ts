import type { ContainerStatus, Probe } from '../types.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';
export type Outcome = {
  readonly result: 'success' | 'failure';
  readonly output: string;
  /** It counts as a success, and people are told of it. */
  readonly warning?: true;
};

export interface ProbeState {
  /** undefined until a threshold was reached. */
  readonly verdict: boolean | undefined;
  readonly run: number;
  readonly last: 'success' | 'failure' | undefined;
}

export const newProbeState: ProbeState = { verdict: undefined, run: 0, last: undefined };

/** Counts equal outcomes in a row; the verdict changes when the threshold is met. Pure. */
export function judge(state: ProbeState, outcome: Outcome['result'], probe: Probe): ProbeState {
  const run = state.last === outcome ? state.run + 1 : 1;
  const threshold = outcome === 'success' ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  return { verdict: run >= threshold ? outcome === 'success' : state.verdict, run, last: outcome };
}

/** What an agent that was killed had found, as the API remembers it: nothing flaps because of a restart. */
export function rememberedVerdicts(
  status: ContainerStatus | undefined,
  containerID: string,
): { readonly started?: boolean; readonly ready?: boolean } {
  if (status?.containerID !== containerID) return {};
  return { started: status.started ?? false, ready: status.ready };
}
