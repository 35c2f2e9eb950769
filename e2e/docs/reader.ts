import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { missingFrom, type Step } from '../../tools/docs/steps.ts';
import {
  cli,
  eventually,
  kubectls,
  noFoundEngine,
  type Ran,
  root,
  run,
  type TestCluster,
} from '../cluster/test-cluster.ts';

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Somebody in a checkout, who types what a text says, as it stands there, and waits until it shows what the text says it shows. Whatever the
 * text does not name, name and place of the cluster, is this test's own: a file of flags says so that the environment names.
 */
export class Reader {
  readonly #checkout: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor({ home, env, name, dataDir }: Pick<TestCluster, 'home' | 'env' | 'name' | 'dataDir'>) {
    this.#checkout = join(home, 'checkout');
    mkdirSync(this.#checkout);
    symlinkSync(join(root, 'examples'), join(this.#checkout, 'examples'));
    const kubernest = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`;
    writeFileSync(join(this.#checkout, 'kubernest'), kubernest, { mode: 0o755 });
    const config = join(home, 'kubernest.yaml');
    writeFileSync(config, JSON.stringify({ name, 'data-dir': dataDir }));
    const programs = join(home, 'programs');
    mkdirSync(programs);
    symlinkSync(kubectls().at(-1)!, join(programs, 'kubectl'));
    this.#env = {
      ...env,
      KUBERNEST_CONFIG: config,
      PATH: [programs, dirname(process.execPath), process.env['PATH']].join(':'),
    };
  }

  /** What a text writes into the checkout, it removes. */
  async follow(steps: readonly Step[]): Promise<void> {
    const before = readdirSync(this.#checkout);
    await followSteps(steps, (command) => this.#run(command));
    expect(readdirSync(this.#checkout)).toEqual(before);
  }

  /** Removes what of the text's own clusters is still there. */
  async leave(): Promise<void> {
    const { stdout } = await this.#run('./kubernest list -o json');
    const own = (JSON.parse(stdout) as { name: string; dataDir: string }[]).filter(({ dataDir }) =>
      dataDir.startsWith(dirname(this.#checkout)),
    );
    for (const { name, dataDir } of own)
      await this.#run(`./kubernest down --purge --name='${name}' --data-dir='${dataDir}'`);
  }

  #run(command: string): Promise<Ran> {
    return run('sh', ['-c', command], { env: this.#env, cwd: this.#checkout, timeout: 600_000 });
  }
}

/** Types the commands as they stand. */
export const follow = (steps: readonly Step[], { cwd, env }: Place): Promise<void> =>
  followSteps(steps, (command) => run('sh', ['-c', command], { cwd, env, timeout: 600_000 }));

/** What shows something is asked again until it does: it says something of what is under way. All else is done once. */
export async function followSteps(steps: readonly Step[], run: (command: string) => Promise<Ran>): Promise<void> {
  for (const step of steps) {
    const ask = async (): Promise<void> => {
      const { code, stdout, stderr } = await run(step.command);
      const missing = missingFrom(`${stdout}${stderr}`, step);
      if (step.shows.length === 0 && code !== 0)
        throw new Error(`"${step.command}" ended with ${code}: ${stdout}${stderr}`);
      if (missing !== undefined) throw new Error(`"${step.command}" does not show "${missing}": ${stdout}${stderr}`);
    };
    await (step.shows.length === 0 ? ask() : eventually(ask, 60_000));
  }
}

/** Follows a text that starts its cluster and ends it, under the name that it gives it, if any. */
export async function followAlone(name: string, steps: readonly Step[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'kubernest-e2e-'));
  const env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig'), ...noFoundEngine(home) };
  const reader = new Reader({ home, env, name, dataDir: join(home, 'data') });
  try {
    await reader.follow(steps);
    expect(existsSync(join(home, 'data'))).toBe(false);
  } finally {
    await reader.leave();
    rmSync(home, { recursive: true, force: true });
  }
}
