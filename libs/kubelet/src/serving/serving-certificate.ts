import type { Client } from '@kubernest/client';
import { Backoff, type Context, Current, messageOf, sleepUntil } from '@kubernest/kit';
import {
  type CertificateFiles,
  type CertificateRequest,
  type CertifiedKey,
  issueItself,
  kubeletServingIdentity,
  loadHeld,
  replaceFile,
} from '@kubernest/pki';
import type { NodeServerTls } from '../streams/node-server.ts';
import { renewalOf } from './renewal.ts';
import { requestCertificate } from './request-certificate.ts';

export interface ServingOptions {
  readonly nodeName: string;
  readonly nodeIPs: readonly string[];
  /** Where the certificate lies between starts. */
  readonly files: CertificateFiles;
  /** PEM of the cluster's authority. */
  readonly clusterCa: string;
  /** From 0 to 1; chance unless given. */
  readonly random?: () => number;
}

/** What the node's HTTPS server proves itself with: a certificate of the cluster, asked for and renewed; until there is one, one of its own making. */
export class ServingCertificate {
  readonly tls: Current<NodeServerTls>;

  private constructor(
    private readonly options: ServingOptions,
    private readonly identity: CertificateRequest,
    /** Undefined: what it serves with now nobody believes. */
    private held: CertifiedKey | undefined,
  ) {
    // Nobody waits at a start for what nobody would believe: it comes with the Node.
    this.tls = new Current(this.#tlsOf(held ?? { certificate: '', key: '' }));
  }

  static async open(options: ServingOptions, ctx: Context): Promise<ServingCertificate> {
    const identity = kubeletServingIdentity(options.nodeName, options.nodeIPs);
    const held = await loadHeld(options.files, identity, options.clusterCa, ctx);
    return new ServingCertificate(options, identity, held);
  }

  /** Asks for what is missing or due, once the Node is there. Runs until aborted, and then resolves. */
  async keep(client: Client, ctx: Context): Promise<void> {
    const { random = Math.random } = this.options;
    const backoff = new Backoff({ initial: 2_000, max: 32_000 });
    while (!ctx.signal.aborted) {
      try {
        if (!this.tls.value.cert) this.tls.replace(this.#tlsOf(await issueItself(this.identity, ctx)));
        if (this.held) await sleepUntil(renewalOf(this.held.certificate, random()), ctx);
        await this.#use(await requestCertificate(client, this.identity, ctx), ctx);
        backoff.forget('');
      } catch (error) {
        if (ctx.signal.aborted) return;
        ctx.log.warn('there is no new serving certificate yet; trying again', { error: messageOf(error) });
        await ctx.clock.sleep(backoff.next(''), ctx.signal).catch(() => {});
      }
    }
  }

  async #use(issued: CertifiedKey, ctx: Context): Promise<void> {
    const { files } = this.options;
    try {
      await replaceFile(files.key, issued.key, 0o600);
      await replaceFile(files.certificate, issued.certificate, 0o644);
    } catch (error) {
      ctx.log.warn('the serving certificate could not be written', { error: messageOf(error) });
    }
    this.held = issued;
    this.tls.replace(this.#tlsOf(issued));
    ctx.log.info('the cluster signed a serving certificate');
  }

  #tlsOf = ({ certificate, key }: CertifiedKey): NodeServerTls => ({
    cert: certificate,
    key,
    clientCa: this.options.clusterCa,
  });
}
