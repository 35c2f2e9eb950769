import type { Context, Milliseconds } from '@kubernest/kit';
import type { ContainerRuntime } from '@kubernest/runtime/contract';
import type { PodEvents } from '../events/pod-events.ts';
import type { Container, Probe } from '../types.ts';
import { type Action, act } from './act.ts';
import { judge, newProbeState, type Outcome, type ProbeKind, type ProbeState } from './probe.ts';

export interface ProberTarget {
  readonly container: Container;
  readonly containerId: string;
  readonly startedAt: Date;
  readonly podIP: string;
  readonly events: PodEvents;
  /** It is started again when a probe ends it. */
  readonly restarts: boolean;
  /** What an agent before this one had found. */
  readonly remembered: { readonly started?: boolean; readonly ready?: boolean };
}

/** What a prober works with. */
export interface ProberParts {
  readonly runtime: ContainerRuntime;
  /** A verdict changed. */
  onChange(): void;
  /** Spreads probes; from 0 to 1. */
  readonly random?: () => number;
}

export interface Doom {
  readonly message: string;
  /** The probe's own grace period, if it has one. */
  readonly graceSeconds?: number;
}

/** Probes one running container until stopped, each probe by its own timer. Says when a verdict changed. */
export class Prober {
  started: boolean;
  ready: boolean;
  /** Why the container must be killed. */
  doomed: Doom | undefined;
  readonly #readiness = new AbortController();
  /** Startup and liveness: the probes that end a container. */
  readonly #health = new AbortController();
  readonly #found: Date;
  #running = new Set<ProbeKind>();

  constructor(
    readonly target: ProberTarget,
    private readonly parts: ProberParts,
    private readonly ctx: Context,
  ) {
    const { container, remembered } = target;
    this.#found = ctx.clock.now();
    this.started = container.startupProbe === undefined || remembered.started === true;
    this.ready = container.readinessProbe === undefined || remembered.ready === true;
    if (!this.started) this.#begin('startup', container.startupProbe);
    else this.#beginOthers();
  }

  stop(): void {
    this.healthStops();
    this.#readiness.abort(new DOMException('probing ended', 'AbortError'));
  }

  /** The container is being stopped: whether it is ready goes on being asked, as it may still serve. For good; safe again. */
  healthStops(): void {
    this.#health.abort(new DOMException('probing of health ended', 'AbortError'));
  }

  #beginOthers(): void {
    this.#begin('liveness', this.target.container.livenessProbe);
    this.#begin('readiness', this.target.container.readinessProbe);
  }

  #begin(kind: ProbeKind, probe: Probe | undefined): void {
    if (!probe || this.#running.has(kind)) return;
    this.#running.add(kind);
    const own = kind === 'readiness' ? this.#readiness : this.#health;
    const signal = AbortSignal.any([this.ctx.signal, own.signal]);
    const ctx: Context = { ...this.ctx, signal };
    this.#loop(kind, probe, ctx).catch((error: unknown) => {
      if (!signal.aborted)
        this.ctx.log.error('a probe loop failed', { kind, container: this.target.container.name, error });
    });
  }

  async #loop(kind: ProbeKind, probe: Probe, ctx: Context): Promise<void> {
    const period: Milliseconds = (probe.periodSeconds ?? 10) * 1000;
    const age = +ctx.clock.now() - +this.target.startedAt;
    const ageWhenFound = +this.#found - +this.target.startedAt;
    const delay = Math.max(0, (probe.initialDelaySeconds ?? 0) * 1000 - age);
    // Old containers seen by a new agent are spread, so that their probes do not all fire at once.
    const spread = ageWhenFound > period ? (this.parts.random ?? Math.random)() * period : 0;
    if (delay + spread > 0) await ctx.clock.sleep(delay + spread, ctx.signal);
    let state: ProbeState = newProbeState;
    for (;;) {
      const outcome = await act(probe as Action, this.target, probe.timeoutSeconds ?? 1, this.parts.runtime, ctx);
      ctx.signal.throwIfAborted();
      if (outcome.result === 'failure') this.#say('Unhealthy', kind, `failed: ${outcome.output}`);
      else if (outcome.warning) this.#say('ProbeWarning', kind, `warning: ${outcome.output}`);
      state = judge(state, outcome.result, probe);
      if (this.#settle(kind, probe, state, outcome)) return;
      await ctx.clock.sleep(period, ctx.signal);
    }
  }

  /** Takes a verdict over; returns whether this probe is done. */
  #settle(kind: ProbeKind, probe: Probe, state: ProbeState, outcome: Outcome): boolean {
    const { container, restarts } = this.target;
    if (kind === 'readiness') {
      if (state.verdict !== undefined && state.verdict !== this.ready) {
        this.ready = state.verdict;
        this.parts.onChange();
      }
      return false;
    }
    if (kind === 'startup' && state.verdict === true) {
      this.started = true;
      this.#beginOthers();
      this.parts.onChange();
      return true;
    }
    if (state.verdict === false && outcome.result === 'failure') {
      const { terminationGracePeriodSeconds: graceSeconds } = probe;
      const message = `Container ${container.name} failed ${kind} probe${restarts ? ', will be restarted' : ''}`;
      this.doomed = { message, ...(graceSeconds === undefined ? {} : { graceSeconds }) };
      this.parts.onChange();
      return true;
    }
    return false;
  }

  #say(reason: string, kind: ProbeKind, what: string): void {
    const title = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    this.target.events.warning(reason, `${title} probe ${what}`);
  }
}
