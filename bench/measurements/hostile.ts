import { parseRatio } from '../hostile/parse-ratio.ts';
import { hostileStalls, isFault, type Stall, wideStalls } from '../hostile/stalls.ts';
import { WIDE_BYTES, wideObjects } from '../hostile/wide-requests.ts';
import type { LoneMeasurement, Row, Run } from '../row.ts';
import { HttpsClient } from '../subject/https.ts';
import { Subject } from '../subject/subject.ts';

/** What a request may keep others waiting. */
const LIMIT_MS = 50;
/** What reading a legal body may cost, beside JSON.parse of the same bytes. */
const LIMIT_RATIO = 10;
/** Of the places where an object may be wide; the nightly test takes all. */
const ONE_IN = 8;
const sizes = { 'of 200 kB': 200_000, 'of 1 MB': 1_000_000, 'of 3 MB': 3_000_000 };

async function worstOf(requests: string, stalls: AsyncIterable<Stall>): Promise<Row> {
  let worst: Stall | undefined;
  let count = 0;
  for await (const stall of stalls) {
    if (isFault(stall)) throw new Error(`${stall.request.name}: ${stall.status} ${stall.answer}`);
    if (stall.insideMs > (worst?.insideMs ?? 0)) worst = stall;
    count++;
  }
  return {
    what: `worst stall of ${count} ${requests}, in CPU time (${worst?.request.name}; seen outside: ${worst?.outsideMs.toFixed(0)} ms)`,
    figure: worst?.insideMs ?? 0,
    unit: 'ms',
    ceilings: [],
    bound: { by: 'figure', limit: LIMIT_MS, better: 'less' },
  };
}

/** Of a control plane of its own, with the probe in it. */
async function measure(run: Run): Promise<readonly Row[]> {
  await using subject = await Subject.start(run, { filled: false, probed: true });
  using other = new HttpsClient(subject.api.port, { token: subject.token }, 1);
  const rows: Row[] = [];
  for (const [size, bytes] of Object.entries(sizes))
    rows.push(await worstOf(`hostile requests ${size}`, hostileStalls(subject, other, bytes)));
  const wide = wideObjects(WIDE_BYTES, { every: ONE_IN });
  rows.push(await worstOf('writes of legal wide objects', wideStalls(subject, other, wide)));
  const { readMs, parseMs, ratio } = parseRatio(1_000_000);
  rows.push({
    what: 'CPU to read legal bodies of 1 MB (median ratio)',
    figure: readMs,
    unit: 'ms',
    ceilings: [{ of: 'JSON.parse', figure: parseMs, ratio }],
    bound: { by: 'ratio', limit: LIMIT_RATIO, better: 'less' },
  });
  return rows;
}

export const hostileMeasurement: LoneMeasurement = { name: 'hostile', run: measure };
