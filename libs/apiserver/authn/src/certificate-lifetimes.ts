import type { Metrics, Observations } from '@kubernest/kit';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** For how much longer, in seconds, the certificates hold good that requests come with: whoever sees it shrink has one to renew. */
export const certificateLifetimes = (metrics: Metrics): Observations =>
  metrics
    .histogram({
      name: 'apiserver_client_certificate_expiration_seconds',
      help: 'For how much longer the certificate holds good that a request came with, in seconds.',
      labels: [],
      buckets: [
        0,
        ...[30 * minute, hour, 2 * hour, 6 * hour, 12 * hour],
        ...[day, 2 * day, 4 * day, 7 * day, 30 * day, 90 * day, 180 * day, 360 * day],
      ],
    })
    .of();
