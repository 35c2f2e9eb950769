import { silentLogger, systemClock } from '@kubernest/kit';
import { issueAuthority, issueCertificate } from '@kubernest/pki';
import { wrk } from '../load/wrk.ts';
import { Ceiling } from './ceiling.ts';

/** Of the machine whose milliseconds and rates the absolute bounds hold. */
const referencePerSecond = 50_000;
const answerBytes = 2800;
const seconds = 3;

export interface Machine {
  /** GETs of 2.8 kB a second that a bare Node TLS server answers. */
  readonly getsPerSecond: number;
  /** By what a bound in milliseconds grows here, and one of a rate shrinks. A quicker machine than the reference gets no less. */
  readonly slowness: number;
}

export async function measureMachine(): Promise<Machine> {
  const ctx = { clock: systemClock, log: silentLogger, signal: new AbortController().signal };
  const authority = await issueAuthority('bench', ctx);
  const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], usage: 'server' } as const;
  const { certificate, key } = await issueCertificate(authority, { commonName: 'bench', ...names }, ctx);
  await using bare = await Ceiling.start({ cert: certificate, key });
  await bare.serve('/read', Buffer.alloc(answerBytes, 'x'));
  const load = { port: bare.port, token: 'none', operation: ['plain', '/read'] };
  // The first second is the compiler's.
  await wrk({ ...load, seconds: 1 });
  const { perSecond } = await wrk({ ...load, seconds });
  return { getsPerSecond: perSecond, slowness: Math.max(1, referencePerSecond / perSecond) };
}
