import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Terminal } from './terminal.ts';
import { cli, eventually, noFoundEngine, root, run } from './test-cluster.ts';
import { factsOf, tracesOf } from './traces.ts';

const name = 'e2e-ctrl-c';
let dir: string;
let data: string;
let terminal: Terminal;
let env: Record<string, string>;

/** npm and the hand-over as `npm start` has them, without installing and building. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kubernest-ctrl-c-'));
  data = join(dir, 'data');
  const up = ['dist/cli.js', 'up', `--name=${name}`, `--data-dir=${data}`, '--no-install'];
  writeFileSync(
    join(dir, 'start.mjs'),
    `import { handOver } from '${root}/tools/bootstrap/hand-over.mjs';
process.exitCode = await handOver(process.execPath, ${JSON.stringify(up)});\n`,
  );
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ scripts: { start: 'exec node start.mjs' } }));
  env = { HOME: dir, KUBECONFIG: join(dir, 'kubeconfig'), npm_config_update_notifier: 'false', ...noFoundEngine(dir) };
  terminal = new Terminal(['npm', '--prefix', dir, 'start'], env);
});
afterEach(async () => {
  terminal.close();
  await run(process.execPath, [cli, 'down', `--name=${name}`, `--data-dir=${data}`, '--purge'], { env });
  rmSync(dir, { recursive: true, force: true });
});

async function started(): Promise<number> {
  await terminal.shows(/try +kubectl get nodes/);
  for (const line of [/kubeconfig +\//, /API +https:\/\//, /dashboard +https:\/\/\S+\/ui\//])
    expect(terminal.screen).toMatch(line);
  const { index } = factsOf(data);
  expect(await tracesOf(data, index)).not.toEqual([]);
  return index;
}

describe('Ctrl-C before npm start', () => {
  it('stops the cluster and leaves nothing', async () => {
    const index = await started();
    terminal.type('\x03');
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen).toContain('stopped');
    expect(await tracesOf(data, index)).toEqual([]);
  });

  it('ends at once when it is pressed again, and leaves nothing a moment later', async () => {
    const index = await started();
    let code: number | undefined;
    void terminal.ended.then((ended) => {
      code = ended;
    });
    await eventually(async () => {
      terminal.type('\x03');
      expect(code).toBe(130);
    });
    expect(terminal.screen).not.toContain('stopped');
    await eventually(async () => expect(await tracesOf(data, index)).toEqual([]));
  });
});
