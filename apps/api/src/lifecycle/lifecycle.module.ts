import { type Context, group, type Runnable } from '@kubernest/kit';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONTEXT } from '../tokens.ts';

const PLANES = Symbol('planes');

/** A plane of the control plane: its module, and the name of what it runs. */
export interface Plane {
  readonly module: Type;
  readonly runs: symbol;
}

/** Nest's lifecycle hooks, mapped to the one group of what runs. */
@Module({})
export class LifecycleModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #stop = new AbortController();
  #done: Promise<void> | undefined;

  /** In the order they start; they stop in reverse. */
  static of(planes: readonly Plane[]): DynamicModule {
    const inject = planes.map(({ runs }) => runs);
    const useFactory = (...all: readonly Runnable[]) => all;
    return {
      module: LifecycleModule,
      imports: planes.map(({ module }) => module),
      providers: [{ provide: PLANES, inject, useFactory }],
    };
  }

  constructor(
    @Inject(CONTEXT) private readonly ctx: Context,
    @Inject(PLANES) private readonly planes: readonly Runnable[],
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Nest leaves this to listen(), which is never called.
    await this.http.httpAdapter.getInstance<{ ready(): Promise<void> }>().ready();
    const signal = AbortSignal.any([this.ctx.signal, this.#stop.signal]);
    const { done } = await group('control plane', this.planes).start({ ...this.ctx, signal });
    this.#done = done;
  }

  /** Settles when the control plane has ended; rejects on a fault. */
  done(): Promise<void> {
    return this.#done ?? Promise.resolve();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort(new DOMException('the control plane stops', 'AbortError'));
    await this.#done?.catch(() => {}); // whoever waits on done() has the fault
  }
}
