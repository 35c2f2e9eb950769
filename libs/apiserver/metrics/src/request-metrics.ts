import { histogramSamples, type Metric } from '@kubernest/kit';
import { buckets, type RequestTally, type Tally } from './request-tally.ts';

/** Kubernetes has no narrower ones where it tells how well it serves. */
const SLI_FROM = buckets.indexOf(0.05);

/** What was asked of the server, as Kubernetes tells it. */
export function requestMetrics(tally: RequestTally): readonly Metric[] {
  return [
    counted(
      'apiserver_request_total',
      'Number of requests, by what they asked and how they ended.',
      ({ count }) => count,
    ),
    counted(
      'apiserver_request_terminations_total',
      'Number of requests that the API server ended in self-defence: too many in flight, or too late.',
      ({ terminated }) => terminated,
    ),
    durations('apiserver_request_duration_seconds', { from: 0, labelsOf: ({ labels }) => labels }),
    durations('apiserver_request_sli_duration_seconds', { from: SLI_FROM, labelsOf: withoutDryRun }),
  ];

  function counted(name: string, help: string, value: (tally: Tally) => number): Metric {
    const samples = () =>
      tally
        .all()
        .filter((one) => value(one) > 0)
        .map((one) => ({ metricName: name, labels: { ...one.labels, code: one.code }, value: value(one) }));
    return { name, help, type: 'counter', samples };
  }

  function durations(name: string, { from, labelsOf }: Telling): Metric {
    const help = 'Time until a request was answered, in seconds; watches and sessions are left out.';
    const samples = () =>
      byLabels(tally.all(), labelsOf).flatMap(({ labels, within, seconds: sum, count }) =>
        histogramSamples(name, labels, { within: widened(within, from), sum, count }, buckets.slice(from)),
      );
    return { name, help, type: 'histogram', samples };
  }
}

interface Telling {
  /** The first bucket. */
  readonly from: number;
  readonly labelsOf: (tally: Tally) => Tally['labels'];
}

/** All buckets up to one as one. */
const widened = (within: readonly number[], upTo: number): number[] => [
  within.slice(0, upTo + 1).reduce((sum, many) => sum + many, 0),
  ...within.slice(upTo + 1),
];

const withoutDryRun = ({ labels: { dry_run: _, ...labels } }: Tally): Tally['labels'] => labels;

/** The code is no label of the histograms: tallies that differ only there are one. */
function byLabels(tallies: readonly Tally[], labelsOf: (tally: Tally) => Tally['labels']): readonly Tally[] {
  const merged = new Map<string, Tally>();
  for (const tally of tallies) {
    if (tally.lasting) continue;
    const labels = labelsOf(tally);
    const key = JSON.stringify(labels);
    const before = merged.get(key);
    merged.set(key, {
      ...tally,
      labels,
      count: tally.count + (before?.count ?? 0),
      seconds: tally.seconds + (before?.seconds ?? 0),
      within: tally.within.map((many, index) => many + (before?.within[index] ?? 0)),
    });
  }
  return [...merged.values()];
}
