import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { ContainerConfig, ContainerState } from '../container.ts';
import type { ContainerRuntime } from '../runtime.ts';
import type { SandboxConfig, SandboxState } from '../sandbox.ts';
import { containerConfig, sandboxConfig } from './configs.ts';

/** What an adapter cannot do by its nature; each name leaves out the promises about it, and the suite's title says so. */
export type RuntimeDifference = 'processes' | 'logs' | 'pull-errors';

export interface RuntimeSubject {
  readonly runtime: ContainerRuntime;
  /** An image here that has `/bin/busybox sh`; any id where there are no processes. */
  readonly image: { readonly id: string; readonly name: string };
  close(): Promise<void>;
}

export interface RuntimeSuite {
  readonly name: string;
  open(): Promise<RuntimeSubject>;
  /** Declared, so that a reader of the adapter's spec sees them. */
  readonly differences?: readonly RuntimeDifference[];
}

/** The runtime under test as each promise finds it, and the steps that most of them begin with. */
export class SuiteBench {
  #subject: RuntimeSubject | undefined;
  #controller = new AbortController();

  constructor(private readonly suite: RuntimeSuite) {
    beforeAll(async () => {
      this.#subject = await suite.open();
    }, 60_000);
    afterAll(() => this.#subject?.close(), 60_000);
    beforeEach(() => {
      this.#controller = new AbortController();
    });
    afterEach(() => this.abort());
  }

  get runtime(): ContainerRuntime {
    return this.#subject!.runtime;
  }

  get image(): RuntimeSubject['image'] {
    return this.#subject!.image;
  }

  get ctx(): Context {
    return { signal: this.#controller.signal, clock: systemClock, log: silentLogger };
  }

  abort(reason?: Error): void {
    this.#controller.abort(reason);
  }

  differs(what: RuntimeDifference): boolean {
    return this.suite.differences?.includes(what) ?? false;
  }

  sandbox(over?: Partial<SandboxConfig>): Promise<SandboxState> {
    return this.runtime.runSandbox(sandboxConfig(over), this.ctx);
  }

  async started(
    script: string,
    over?: Partial<ContainerConfig>,
  ): Promise<{ readonly box: SandboxState; readonly id: string }> {
    const box = await this.sandbox();
    const { id } = await this.runtime.createContainer(containerConfig(box, this.image, script, over), this.ctx);
    await this.runtime.startContainer(id, this.ctx);
    return { box, id };
  }

  async ended(id: string): Promise<ContainerState> {
    for (;;) {
      const state = await this.runtime.inspect(id, this.ctx);
      if (state?.state === 'exited') return state;
      await systemClock.sleep(10, this.ctx.signal);
    }
  }
}
