import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli, eventually, noFoundEngine, type Ran, root, run } from './test-cluster.ts';
import { factsOf, tracesOf } from './traces.ts';

const name = 'e2e-broken-off';
let home: string;
let data: string;
let env: Record<string, string>;
const kubernestOf = (...args: string[]): Promise<Ran> => run(process.execPath, [cli, ...args], { env });
const kubernest = (command: string, ...args: string[]): Promise<Ran> =>
  kubernestOf(command, `--name=${name}`, `--data-dir=${data}`, ...args);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubernest-broken-off-'));
  data = join(home, 'data');
  writeFileSync(
    join(home, 'start.mjs'),
    `import { handOver } from '${root}/tools/bootstrap/hand-over.mjs';
process.exitCode = await handOver(process.execPath, ['dist/cli.js', ...process.argv.slice(2)]);\n`,
  );
  env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), ...noFoundEngine(home) };
});
afterEach(async () => {
  await kubernest('down', '--purge');
  rmSync(home, { recursive: true, force: true });
});

interface Start {
  readonly child: ChildProcess;
  readonly ended: Promise<number | NodeJS.Signals>;
  output: string;
  isOver: boolean;
}

/** In a process group of its own, as a shell starts it, and by what `./kubernest` hands over with. */
function start(args: readonly string[]): Start {
  const command = [join(home, 'start.mjs'), 'up', `--name=${name}`, `--data-dir=${data}`, '--no-install', ...args];
  const child = spawn(process.execPath, command, { env: { ...process.env, ...env }, detached: true });
  const ended = new Promise<number | NodeJS.Signals>((done) => {
    child.once('close', (code, signal) => {
      begun.isOver = true;
      done(code ?? signal!);
    });
  });
  const begun: Start = { child, ended, output: '', isOver: false };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      begun.output += chunk.toString();
    });
  return begun;
}

/** How far a start has come: what it has said and made, line by line and file by file. */
function progress({ output }: Start): number {
  return filesIn(data) + output.split('\n').length - 1;
}

function filesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true }).length;
  } catch {
    return 0; // not there yet, or a part of it went while it was read
  }
}

const isUp = (begun: Start): boolean => /try +kubectl get nodes\n/.test(begun.output);

/** Ctrl-C reaches the whole group. */
async function interruptWhen(begun: Start, reached: () => boolean): Promise<number | NodeJS.Signals> {
  // Looking takes a millisecond or so of a processor, which the start wants, too.
  while (!reached() && !begun.isOver) await sleep(5);
  if (!begun.isOver) process.kill(-begun.child.pid!, 'SIGINT');
  return begun.ended;
}

/** All that a start makes and says until it is up, undisturbed. */
async function wholeWay(args: readonly string[]): Promise<number> {
  const begun = start(args);
  let most = 0;
  await interruptWhen(begun, () => {
    most = progress(begun);
    return isUp(begun);
  });
  expect(isUp(begun), begun.output).toBe(true);
  await kubernest('down', '--purge');
  return most;
}

const kubeconfig = (): string => (existsSync(env['KUBECONFIG']!) ? readFileSync(env['KUBECONFIG']!, 'utf8') : '');
const currentContext = (): string | undefined => /^current-context: "?([^"\n]*)/m.exec(kubeconfig())?.[1];

async function mustHaveLeftNothing(
  begun: Start,
  code: number | NodeJS.Signals,
  index: number | undefined,
): Promise<void> {
  // As long as nothing has been said, nothing has been begun.
  if (begun.output === '') expect([130, 'SIGINT']).toContain(code);
  else
    expect([begun.output.trimEnd().split('\n').at(-1), code]).toEqual([
      expect.stringMatching(/stopped/),
      isUp(begun) ? 0 : 130,
    ]);
  expect(begun.output).not.toMatch(/\n\s+at |Error/);
  expect(await tracesOf(data, index ?? -1)).toEqual([]);
  expect([undefined, '']).toContain(currentContext());
  // What stays is a cluster that said that it is up.
  if (isUp(begun)) return expect((await kubernest('status')).stdout).toMatch(/^up +not running$/m);
  expect(existsSync(data)).toBe(false);
  expect(kubeconfig()).not.toContain(name);
  expect((await kubernestOf('list', '-o', 'json')).stdout).not.toContain(data);
}

describe.each<[string, string[], number]>([
  ['of simulated nodes', ['--runtime=hollow', '--hollow-nodes=2'], 6],
  ['with an engine of its own', [], 3],
])('Ctrl-C at any time of a first start %s', (_what, args, moments) => {
  it('ends it with a word, leaves nothing half-made, and the next start is as if it were the first', async () => {
    const whole = await wholeWay(args);
    for (let moment = 0; moment <= moments; moment++) {
      const wanted = Math.floor((whole * moment) / moments);
      const begun = start(args);
      let index: number | undefined;
      const code = await interruptWhen(begun, () => {
        if (existsSync(join(data, 'cluster.json'))) index ??= factsOf(data).index;
        // A start makes a file more or less than another: once it is up, it comes no further.
        return progress(begun) >= wanted || isUp(begun);
      });
      await mustHaveLeftNothing(begun, code, index);
      expect(await kubernest('up', '--detach', '--no-install', ...args)).toMatchObject({ code: 0, stderr: '' });
      expect(await kubernest('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
      expect(existsSync(data)).toBe(false);
    }
  }, 240_000);
});

/** What lies between the API's coming up and the word that the cluster is up. */
const lastMoments: readonly [string, (begun: Start) => boolean][] = [
  ['the API is ready', ({ output }) => /API ready/.test(output)],
  ['its context is current', () => currentContext() === `kubernest-${name}`],
  ['its node begins', () => existsSync(join(data, 'agent'))],
];

describe.each<[string, string[]]>([
  ['of simulated nodes', ['--runtime=hollow', '--hollow-nodes=40']],
  ['with an engine of its own', []],
])('Ctrl-C of a first start %s leaves nothing', (_what, args) => {
  it.each(lastMoments)(
    'when %s',
    async (_when, reached) => {
      const begun = start(args);
      const code = await interruptWhen(begun, () => reached(begun));
      await mustHaveLeftNothing(begun, code, undefined);
    },
    60_000,
  );

  it('when it is pressed twice', async () => {
    const begun = start(args);
    await interruptWhen(begun, () => {
      if (!/API ready/.test(begun.output)) return false;
      process.kill(-begun.child.pid!, 'SIGINT');
      return true;
    });
    await eventually(async () => expect([existsSync(data), kubeconfig().includes(name)]).toEqual([false, false]));
    expect((await kubernestOf('list', '-o', 'json')).stdout).not.toContain(data);
  }, 60_000);
});

it('Ctrl-C before a first start in the background waits for its end, or comes too late for it', async () => {
  const args = ['--detach', '--runtime=hollow', '--hollow-nodes=2'];
  const words = [/starting cluster/, /API ready/, /cluster ".*" is up/];
  for (const word of words) {
    const begun = start(args);
    const code = await interruptWhen(begun, () => word.test(begun.output));
    if (/is up; stop it with/.test(begun.output)) {
      expect([code, isUp(begun)]).toEqual([0, true]);
      expect(await kubernest('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('answers') });
    } else await mustHaveLeftNothing(begun, code, undefined);
    expect(await kubernest('down', '--purge')).toMatchObject({ code: 0, stderr: '' });
  }
});
