import type { Clock, Milliseconds } from '@kubernest/kit';
import { readRegularFile } from '@kubernest/process';

/** A kubelet refreshes projected tokens long before they end; client-go looks again this often, too. */
const REREAD_AFTER: Milliseconds = 60_000;

export interface Bearer {
  /** The present token; undefined when there is none to send. */
  token(clock: Clock): string | undefined;
  /** The server refused it: read again before the next call. True when another token is there now. */
  refused(clock: Clock): boolean;
}

export interface BearerOptions {
  readonly token?: string;
  readonly tokenOf?: () => string;
  readonly tokenFile?: string;
}

export function bearerOf({ token, tokenOf, tokenFile }: BearerOptions): Bearer {
  if (tokenFile === undefined) return { token: tokenOf ?? (() => token), refused: () => false };
  let known: { readonly token: string; readonly at: Milliseconds } | undefined;
  const read = (clock: Clock): string => {
    try {
      known = { token: readRegularFile(tokenFile).trim(), at: clock.monotonic() };
    } catch (error) {
      // The file is being replaced or gone for a moment: the last token is still the best guess.
      if (!known) throw new Error(`cannot read the bearer token from ${tokenFile}`, { cause: error });
    }
    return known.token;
  };
  return {
    token: (clock) => (known && clock.monotonic() - known.at < REREAD_AFTER ? known.token : read(clock)),
    refused: (clock) => {
      const old = known?.token;
      return read(clock) !== old;
    },
  };
}
