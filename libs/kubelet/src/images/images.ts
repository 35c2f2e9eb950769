import { type Context, isAborted, messageOf } from '@kubernest/kit';
import type { ContainerRuntime, ImageState, RegistryCredentials } from '@kubernest/runtime/contract';
import { answered, RUNTIME } from '../answered.ts';
import type { PodEvents } from '../events/pod-events.ts';
import type { Container } from '../types.ts';
import { completeReference } from './reference.ts';

/** No image: the container waits with `reason`. `retry` says whether asking a registry again may help. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  constructor(
    readonly reason: 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const policyOf = (container: Container, reference: string): string =>
  container.imagePullPolicy ?? (/:latest$/.test(reference) ? 'Always' : 'IfNotPresent');

/** Finds or pulls what containers ask for. One pull per image at a time, whoever asks. */
export class Images {
  readonly #pulls = new Map<string, Promise<ImageState>>();

  constructor(private readonly runtime: ContainerRuntime) {}

  async ensure(
    container: Container,
    credentials: (reference: string) => Promise<readonly RegistryCredentials[]>,
    events: PodEvents,
    ctx: Context,
  ): Promise<ImageState> {
    const image = container.image ?? '';
    const reference = this.#parse(image, events);
    const policy = policyOf(container, reference);
    const present = policy === 'Always' ? undefined : await this.#find(reference, ctx);
    if (present) {
      events.normal('Pulled', `Container image "${image}" already present on machine`);
      return present;
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      events.warning('ErrImageNeverPull', message);
      throw new ImageError('ErrImageNeverPull', message);
    }
    return this.#pull(image, reference, await credentials(reference), events, ctx);
  }

  /** Whether a container can start with what is on the machine: no registry need be asked. */
  async isPresent(container: Container, ctx: Context): Promise<boolean> {
    let reference: string;
    try {
      reference = completeReference(container.image ?? '');
    } catch {
      return false;
    }
    return policyOf(container, reference) !== 'Always' && (await this.#find(reference, ctx)) !== undefined;
  }

  #find(reference: string, ctx: Context): Promise<ImageState | undefined> {
    return answered({ who: RUNTIME }, (limited) => this.runtime.findImage(reference, limited), ctx);
  }

  #parse(image: string, events: PodEvents): string {
    try {
      return completeReference(image);
    } catch (error) {
      const message = `Failed to apply default image tag "${image}": ${messageOf(error)}`;
      events.warning('InspectFailed', message);
      throw new ImageError('InvalidImageName', message);
    }
  }

  async #pull(
    image: string,
    reference: string,
    credentials: readonly RegistryCredentials[],
    events: PodEvents,
    ctx: Context,
  ): Promise<ImageState> {
    events.normal('Pulling', `Pulling image "${image}"`);
    const began = ctx.clock.monotonic();
    try {
      const key = `${reference} ${credentials.map((c) => c.username).join()}`;
      const pull = this.#pulls.get(key) ?? this.runtime.pullImage(reference, credentials, ctx);
      this.#pulls.set(key, pull);
      const state = await pull.finally(() => this.#pulls.delete(key));
      const took = `${((ctx.clock.monotonic() - began) / 1000).toFixed(3)}s`;
      events.normal(
        'Pulled',
        `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${state.sizeBytes} bytes.`,
      );
      return state;
    } catch (error) {
      // Another pod's pull that was aborted says nothing about this one.
      if (ctx.signal.aborted || isAborted(error)) throw error;
      events.warning('Failed', `Failed to pull image "${image}": ${messageOf(error)}`);
      throw new ImageError('ErrImagePull', messageOf(error), { cause: error });
    }
  }
}
