import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { beforeAll, expect, it } from 'vitest';
import { type CertifiedKey, issueAuthority, issueCertificate } from './certificate.ts';
import { renewalTime } from './certificate-check.ts';
import { followCertificate } from './follow-certificate.ts';
import { adminIdentity } from './identities.ts';

const clock = new FakeClock();
const stop = new AbortController();
const ctx: Context = { signal: stop.signal, clock, log: silentLogger };
const shortLived = { ...adminIdentity, lifetime: 72 * 60 * 60_000 };
let authority: CertifiedKey;
beforeAll(async () => {
  authority = await issueAuthority('one', ctx);
});

it('takes up what somebody has renewed, again and again, and lets nothing that goes wrong end it', async () => {
  const first = await issueCertificate(authority, shortLived, ctx);
  let lies: CertifiedKey | undefined = first;
  const used: CertifiedKey[] = [];
  let refuse = false;
  const done = followCertificate(
    () => {
      if (!lies) throw new Error('it is being replaced');
      return lies;
    },
    (found) => {
      if (refuse) throw new Error('not now');
      used.push(found);
    },
    ctx,
  );
  const untilDue = renewalTime(first.certificate).getTime() - clock.now().getTime();
  await clock.advance(untilDue - 1);
  const second = await issueCertificate(authority, shortLived, ctx);
  lies = second;
  expect(used).toEqual([]);

  lies = first;
  await clock.advance(1);
  expect(used).toEqual([]);
  lies = undefined;
  await clock.advance(60_000);
  lies = second;
  refuse = true;
  await clock.advance(60_000);
  refuse = false;
  await clock.advance(60_000);
  expect(used).toEqual([second]);

  const third = await issueCertificate(authority, shortLived, ctx);
  lies = third;
  await clock.advance(renewalTime(second.certificate).getTime() - clock.now().getTime());
  expect(used).toEqual([second, third]);

  stop.abort();
  await done;
});
