import { readFileSync } from 'node:fs';

/** A line of the kernel's IPv4 routes; numbers are hexadecimal, as they lie in its memory. */
export interface Route {
  readonly link: string;
  readonly destination: string;
  readonly gateway: string;
  readonly mask: string;
}

/** From the text of /proc/net/route, whose first line names the columns. */
export function routesIn(table: string): readonly Route[] {
  const lines = table.trim().split('\n').slice(1);
  return lines.map((line) => {
    const [link = '', destination = '', gateway = '', , , , , mask = ''] = line.trim().split(/\s+/);
    return { link, destination, gateway, mask };
  });
}

/** Of this machine; none where the kernel has no such table. */
export function machineRoutes(): readonly Route[] {
  try {
    return routesIn(readFileSync('/proc/net/route', 'utf8'));
  } catch {
    return [];
  }
}

/** The link of the way to everywhere else. */
export const defaultLink = (routes: readonly Route[]): string | undefined =>
  routes.find(({ destination, mask }) => destination === '00000000' && mask === '00000000')?.link;
