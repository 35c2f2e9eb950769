import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere, isMissing } from '@kubernest/process';
import type { HostPort, PodIdentity } from '@kubernest/runtime/contract';

/** What was done for one sandbox: enough to undo it after the sandbox and this process have died. */
export interface Attachment {
  readonly sandboxId: string;
  readonly pod: PodIdentity;
  readonly netns: string;
  /** Number of the namespace: a path of a dead process may come to mean another's. */
  readonly netnsInode: number;
  readonly hostPorts: readonly HostPort[];
  /** Undefined while ADD is under way; what it had done by then must be undone too. */
  readonly ips: readonly string[] | undefined;
  /** As the last plugin gave it; DEL wants it back. */
  readonly result: unknown;
}

/** One file per sandbox under the node's data directory, written before the first plugin is called. */
export class Attachments {
  constructor(private readonly folder: string) {}

  async find(sandboxId: string): Promise<Attachment | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(sandboxId), 'utf8')) as Attachment;
    } catch (error) {
      if (error instanceof SyntaxError || isMissing(error)) return undefined;
      throw error;
    }
  }

  async list(): Promise<readonly Attachment[]> {
    const names = (await ifThere(readdir(this.folder))) ?? [];
    const all = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.find(name.slice(0, -'.json'.length))),
    );
    return all.filter((attachment) => attachment !== undefined);
  }

  async put(attachment: Attachment): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const file = this.#file(attachment.sandboxId);
    await writeFile(`${file}.new`, JSON.stringify(attachment));
    await rename(`${file}.new`, file);
  }

  async remove(sandboxId: string): Promise<void> {
    await rm(this.#file(sandboxId), { force: true });
  }

  /** A fact about the machine that must outlive this process. */
  async note(name: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, name), text);
  }

  noted(name: string): Promise<string | undefined> {
    return ifThere(readFile(join(this.folder, name), 'utf8'));
  }

  #file(sandboxId: string): string {
    if (!/^[\w.-]+$/.test(sandboxId))
      throw new Error(`sandbox id ${JSON.stringify(sandboxId)} cannot be a file's name`);
    return join(this.folder, `${sandboxId}.json`);
  }
}
