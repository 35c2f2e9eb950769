import { badRequest, StatusError } from '@kubernest/meta';

/** Where the next page of a list begins. Opaque to clients; bound to the list's revision so that all pages are one list. */
export interface ContinueToken {
  /** Resource version as clients see it, or -1: go on from whatever is newest (offered after 410). */
  readonly rv: number;
  /** Key below the list's prefix of the last object given. */
  readonly after: string;
}

export function encodeContinue(token: ContinueToken): string {
  const json = JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.rv, start: `${token.after}\u0000` });
  return Buffer.from(json).toString('base64url');
}

export function decodeContinue(text: string): ContinueToken {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string' && start.endsWith('\u0000')) {
      return { rv, after: start.slice(0, -1) };
    }
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw badRequest('continue key is not valid: it must be the metadata.continue of an earlier answer');
}

const WHY =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue ' +
  'parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided ' +
  'token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was ' +
  'returned and now may show up in the list.';

/** 410 whose `metadata.continue` lets the client go on without consistency. */
export class ExpiredContinueError extends StatusError {
  constructor(readonly token: ContinueToken) {
    super(410, 'Expired', WHY);
  }
  override toStatus() {
    const metadata = { continue: encodeContinue({ rv: -1, after: this.token.after }) } as never;
    return { ...super.toStatus(), metadata };
  }
}
