/** Where a pod listens, read from its `/proc/<pid>/net` files: no process has to be started to know whether a port answers. */
export type Listener = { readonly at: 'everywhere' } | { readonly at: 'address'; readonly address: string };

const listening = '0A';

/** `text` is `/proc/<pid>/net/tcp` or `tcp6`. */
export function findListener(text: string, port: number): Listener | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  let found: Listener | undefined;
  for (const line of text.split('\n').slice(1)) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [hex = '', localPort] = local.split(':');
    if (state !== listening || localPort !== wanted) continue;
    if (/^0+$/.test(hex)) return { at: 'everywhere' };
    found = { at: 'address', address: addressOf(hex) };
  }
  return found;
}

/** The kernel prints addresses as 32-bit words in the machine's byte order (little endian wherever we run). */
export function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.subarray(0, 10).every((b) => b === 0) && bytes.readUInt16BE(10) === 0xffff;
  if (mapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** The namespace's own IPv4 addresses besides loopback, from `/proc/<pid>/net/fib_trie`. */
export function localAddresses(fibTrie: string): readonly string[] {
  const found = new Set<string>();
  let last = '';
  for (const line of fibTrie.split('\n')) {
    const address = /^\s*(?:\|--|\+--)\s+(\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1];
    if (address) last = address;
    else if (/\/32 host LOCAL/.test(line) && last !== '' && !last.startsWith('127.')) found.add(last);
  }
  return [...found];
}
