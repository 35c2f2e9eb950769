import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import { startTestEngine } from '../../e2e/runtime/test-engine.ts';

const bridge = '/sys/class/net/docker0';

/** A plain Docker Engine with its own bridge network: what a pod's two containers cost where nothing is above them. */
export class BareEngine implements AsyncDisposable {
  readonly #left: string[] = [];

  private constructor(
    readonly docker: Docker,
    private readonly stop: () => Promise<void>,
  ) {}

  /** No rules of its own in the firewall: that makes it, if anything, faster, and leaves the machine's alone. */
  static async start(): Promise<BareEngine> {
    const hadBridge = existsSync(bridge);
    const engine = await startTestEngine(
      ['--iptables=false', '--ip-masq=false', '--ip-forward=false', '--userland-proxy=false'].concat(
        hadBridge ? [] : ['--bip=10.253.0.1/24'],
      ),
    );
    return new BareEngine(new Docker({ socketPath: engine.socketPath }), async () => {
      await engine.stop();
      if (!hadBridge) spawnSync('ip', ['link', 'delete', 'docker0']);
    });
  }

  /** Takes an image over from another engine. */
  async takeImage(from: Docker, name: string): Promise<void> {
    const loading = await this.docker.loadImage((await from.getImage(name).get()) as Readable);
    loading.resume();
    await new Promise((done, fail) => loading.once('end', done).once('error', fail));
  }

  /** What a pod is to an engine: a sandbox with a network, and beside it a container that joins that network. */
  async runPair(image: string): Promise<void> {
    const sandbox = await this.#run({ Image: image });
    await this.#run({ Image: image, HostConfig: { NetworkMode: `container:${sandbox}` } });
  }

  async #run(options: Docker.ContainerCreateOptions): Promise<string> {
    const container = await this.docker.createContainer(options);
    this.#left.push(container.id);
    await container.start();
    return container.id;
  }

  async removeAll(): Promise<void> {
    for (const id of this.#left.splice(0)) await this.docker.getContainer(id).remove({ force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.removeAll();
    await this.stop();
  }
}
