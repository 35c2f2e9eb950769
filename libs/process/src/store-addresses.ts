const wanted = 'sqlite, or the addresses of etcd such as http://127.0.0.1:2379';

/** Why a `--store` is none; of one that may hold a password, nothing is said again: processes, status and logs would show it, too. */
export class NoStoreError extends Error {
  constructor(
    message: string,
    /** It names who signs in. */
    readonly holdsSecret: boolean,
  ) {
    super(message);
  }
}

/** What `--store` says: addresses of etcd, none for `sqlite`. Throws `NoStoreError`. */
export function storeAddresses(text: string): readonly string[] {
  // Where there is no address around it as well: what was typed wrongly is a password still.
  if (text.includes('@'))
    throw new NoStoreError(
      '--store takes no user and no password: etcd is reached without, such as at http://127.0.0.1:2379',
      true,
    );
  const addresses = text === 'sqlite' ? [] : text.split(',');
  if (!addresses.every((address) => /^https?:\/\//.test(address) && URL.canParse(address)))
    throw new NoStoreError(wanted, false);
  return addresses;
}
