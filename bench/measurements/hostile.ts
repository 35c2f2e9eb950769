import { hostileStalls, isFault, type Stall } from '../hostile/stalls.ts';
import type { Measurement, Row } from '../row.ts';
import { HttpsClient } from '../subject/https.ts';
import type { Subject } from '../subject/subject.ts';

/** What a request may keep others waiting. */
const LIMIT_MS = 50;
const sizes = { 'up to 256 kB': 200_000, 'up to 3 MiB': 3_000_000 };

async function measure(subject: Subject): Promise<readonly Row[]> {
  using other = new HttpsClient(subject.api.port, { token: subject.token }, 1);
  const rows: Row[] = [];
  for (const [size, bytes] of Object.entries(sizes)) {
    let worst: Stall | undefined;
    let count = 0;
    for await (const stall of hostileStalls(subject, other, bytes)) {
      if (isFault(stall)) throw new Error(`${stall.request.name}: ${stall.status} ${stall.answer}`);
      if (stall.insideMs > (worst?.insideMs ?? 0)) worst = stall;
      count++;
    }
    rows.push({
      what: `worst stall of ${count} hostile requests ${size} (${worst?.request.name}; seen outside: ${worst?.outsideMs.toFixed(0)} ms)`,
      figure: worst?.insideMs ?? 0,
      unit: 'ms',
      ceilings: [],
      bound: { by: 'figure', limit: LIMIT_MS, better: 'less' },
    });
  }
  return rows;
}

export const hostileMeasurement: Measurement = { name: 'hostile', run: measure };
