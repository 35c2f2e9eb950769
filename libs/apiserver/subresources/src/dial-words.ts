import type { RequestOptions } from 'node:https';
import { messageOf } from '@kubernest/kit';

/** The second: it has none at all. */
const unsigned = /SELF_SIGNED_CERT|alert handshake failure/;

/** Why nobody answers. A node that has just come, or whose request nobody approved, serves with a certificate of its own making. */
export function dialWords(error: Error, connection: RequestOptions & { readonly node?: string }): string {
  const { code } = error as NodeJS.ErrnoException;
  if (connection.node === undefined || !unsigned.test(`${code} ${error.message}`)) return messageOf(error);
  return `node ${JSON.stringify(connection.node)} has no serving certificate of the cluster yet: see kubectl get csr, and kubectl certificate approve for one that is pending`;
}
