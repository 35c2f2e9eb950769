import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { missingFrom, type Step } from '../../tools/docs/steps.ts';
import { cli, eventually, kubectls, type Ran, root, run, type TestCluster } from '../cluster/test-cluster.ts';

/** Somebody in a checkout, who types what a text says and waits until it shows what the text says it shows. */
export class Reader {
  readonly #checkout: string;
  readonly #env: NodeJS.ProcessEnv;

  /** `./kubernest` there is about the cluster, whatever name the text gives it. */
  constructor({ home, env, name, dataDir }: Pick<TestCluster, 'home' | 'env' | 'name' | 'dataDir'>) {
    this.#checkout = join(home, 'checkout');
    mkdirSync(this.#checkout);
    symlinkSync(join(root, 'examples'), join(this.#checkout, 'examples'));
    const flags = `--name='${name}' --data-dir='${dataDir}'`;
    const kubernest = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@" ${flags}\n`;
    writeFileSync(join(this.#checkout, 'kubernest'), kubernest, { mode: 0o755 });
    const programs = join(home, 'programs');
    mkdirSync(programs);
    symlinkSync(kubectls().at(-1)!, join(programs, 'kubectl'));
    this.#env = { ...env, PATH: [programs, dirname(process.execPath), process.env['PATH']].join(':') };
  }

  follow(steps: readonly Step[]): Promise<void> {
    return follow(steps, { cwd: this.#checkout, env: this.#env });
  }
}

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Types the commands as they stand. */
export async function follow(steps: readonly Step[], place: Place): Promise<void> {
  for (const step of steps) await take(step, place);
}

/** What shows something is asked again until it does: it says something of what is under way. All else is done once. */
async function take(step: Step, place: Place): Promise<void> {
  if (step.shows.length === 0) {
    const ran = await typed(step.command, place);
    if (ran.code !== 0) throw new Error(`"${step.command}" ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    return;
  }
  await eventually(async () => {
    const { stdout, stderr } = await typed(step.command, place);
    const missing = missingFrom(`${stdout}${stderr}`, step);
    if (missing !== undefined) throw new Error(`"${step.command}" does not show "${missing}": ${stdout}${stderr}`);
  }, 60_000);
}

const typed = (command: string, place: Place): Promise<Ran> =>
  run('sh', ['-c', command], { ...place, timeout: 600_000 });
