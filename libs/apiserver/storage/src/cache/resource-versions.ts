import { badRequest } from '@kubernest/meta';

/** Where the offset of this store's epoch is kept; a restore raises it past every number ever handed out. */
export const EPOCH_OFFSET_KEY = '/kubernest/epoch-offset';

/** Resource versions on the wire are `offset + store revision`; nobody but this class turns one into the other. */
export class ResourceVersions {
  constructor(public offset = 0) {}

  format(revision: number): string {
    return String(this.offset + revision);
  }

  /** The revision in a client's resource version; below 0 when it is of an epoch before a restore. */
  parse(version: string, field = 'resourceVersion'): number {
    if (!/^[0-9]{1,16}$/.test(version)) {
      throw badRequest(
        `invalid ${field}: ${JSON.stringify(version)}: must be an unsigned integer handed out by this server`,
      );
    }
    const number = Number(version);
    return number === 0 ? 0 : number - this.offset;
  }
}
