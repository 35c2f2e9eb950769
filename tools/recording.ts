// `npm run recording`: types the README's tour on a real cluster and draws docs/images/tour.svg of it. Needs root, as the tour does, and no
// cluster of its own name. Where there are others, this shows the customary ports all the same:
// unshare --net --mount sh -c 'ip link set lo up && mount -t tmpfs none /var/lib/kubernest && npm run recording'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingFrom, type Step } from './docs/steps.ts';
import { filmOf } from './recording/film.ts';
import { onTerminal } from './recording/on-terminal.ts';
import { svgOf } from './recording/svg.ts';
import { linesOf, type Take, withoutOwn } from './recording/take.ts';
import { tourOf } from './recording/tour.ts';

const root = resolve(import.meta.dirname, '..');
const picture = join(root, 'docs/images/tour.svg');
const dataDir = '/var/lib/kubernest/default';
const screen = { columns: 120, rows: 26 };
const patience = { tries: 40, pause: 250 };

if (existsSync(dataDir)) {
  console.error(`recording: there is a cluster in ${dataDir}, which the tour would use and remove`);
  process.exit(1);
}
const home = mkdtempSync(join(tmpdir(), 'kubernest-recording-'));
const env = { ...process.env, HOME: home, KUBECONFIG: undefined, DOCKER_HOST: `unix://${home}/no-engine.sock` };

/** Until it shows what the README says it shows; only that is kept. */
async function take(step: Step): Promise<Take> {
  for (let tries = 1; ; tries++) {
    const { code, pieces } = await onTerminal(step.command, { cwd: root, env, screen });
    const lines = linesOf(pieces).map(({ at, text }) => ({ at, text: withoutOwn(text, home) }));
    const shown = lines.map(({ text }) => text).join('\n');
    if (code === 0 && missingFrom(shown, step) === undefined) return { command: step.command, lines };
    if (step.shows.length === 0 || tries === patience.tries)
      throw new Error(`"${step.command}" ended with ${code} and does not show what it should: ${shown}`);
    await sleep(patience.pause);
  }
}

try {
  const takes: Take[] = [];
  for (const step of tourOf(readFileSync(join(root, 'README.md'), 'utf8'))) {
    console.log(step.command);
    takes.push(await take(step));
  }
  writeFileSync(picture, svgOf(filmOf(takes, screen.columns), screen, 'The tour of the README, in a terminal'));
  console.log(`\nwrote ${picture}`);
} finally {
  if (existsSync(dataDir)) await onTerminal('./kubernest down --purge', { cwd: root, env, screen });
  rmSync(home, { recursive: true, force: true });
}
