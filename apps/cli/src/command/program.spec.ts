import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Context, FakeClock, silentLogger } from '@kubernest/kit';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { commands as realCommands } from '../commands/index.ts';
import { type CliCommand, type CommandDefinition, type CommandLine, UsageError } from './command.ts';
import { called } from './command-name.ts';
import { buildProgram, runProgram } from './program.ts';

interface BakeOptions {
  readonly name: string;
  readonly heat: number;
  readonly form?: string;
  readonly salt: boolean;
}

const ctx: Context = { signal: new AbortController().signal, clock: new FakeClock(new Date()), log: silentLogger };

/** Runs a line against two made-up commands; tells its exit code, what was printed as errors, and what reached the command. */
async function typed(...argv: string[]) {
  const errors: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((text: string) => void errors.push(text));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(errors.push(String(text).trimEnd())));
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(printed.push(String(text))));
  onTestFinished(() => void vi.restoreAllMocks());
  let reached: CommandLine<BakeOptions> | undefined;
  const bake: CommandDefinition<BakeOptions> = {
    name: 'bake',
    heading: 'Use',
    about: 'Bake.',
    ofCluster: true,
    arguments: [new Argument('[cakes...]')],
    options: [
      new Option('--heat <degrees>').argParser(degrees).default(180),
      new Option('--form <form>').choices(['round', 'square']),
      new Option('--no-salt'),
    ],
    async run(line) {
      reached = line;
      if (line.options.heat > 300) throw new UsageError('--heat burns it');
      if (line.args.includes('file')) readdirSync('/etc/passwd');
      if (line.args.includes('stone')) throw new Error('stone cannot be baked');
    },
  };
  const eat: CommandDefinition<object> = {
    name: 'cake eat',
    heading: 'Use',
    about: 'Eat.',
    options: [new Option('--slowly')],
    run: async () => 3,
  };
  const code = await runProgram([bake, eat] as CliCommand[], argv, ctx);
  return { code, errors, reached, printed };
}

function degrees(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('degrees are a number');
  return Number(text);
}

describe('a wrong command line', () => {
  it.each([
    [['bake', '--colour'], "kubernest: unknown option '--colour'"],
    [['bake', '--heat=hot'], "kubernest: option '--heat <degrees>' argument 'hot' is invalid. degrees are a number"],
    [['bake', '--heat=400'], 'kubernest: --heat burns it'],
    [['cake', 'eat', 'more'], "kubernest: too many arguments for 'eat'. Expected 0 arguments but got 1: more."],
    [['fry'], "kubernest: unknown command 'fry'"],
    [['bakke'], "kubernest: unknown command 'bakke' (did you mean bake?)"],
    [['help', 'fry'], "kubernest: unknown command 'fry'"],
    [['help', 'bakke'], "kubernest: unknown command 'bakke' (did you mean bake?)"],
    [['help', 'cake', 'eta'], "kubernest: unknown command 'eta' (did you mean eat?)"],
    [['help', 'bake', 'more'], 'kubernest: there is no command "bake more"'],
    [['fry', '--help'], "kubernest: unknown command 'fry'"],
    [['cake', 'eta', '-h'], "kubernest: unknown command 'eta' (did you mean eat?)"],
    [['bake', '--head=1'], "kubernest: unknown option '--head' (did you mean --heat?)"],
    [['bake', '--no-salt=no'], 'kubernest: --no-salt takes no value: give it alone, or leave it out'],
    [['bake', '--no-salt', '--no-salt=secret'], 'kubernest: --no-salt takes no value: give it alone, or leave it out'],
    [['cake', 'eat', '--slowly=1'], 'kubernest: --slowly takes no value: give it alone, or leave it out'],
    [['cake', 'eat', '--help=me'], 'kubernest: --help takes no value: give it alone, or leave it out'],
    [['cake', 'eat', '--no-salt=1'], "kubernest: unknown option '--no-salt'"],
    [['cake'], 'kubernest: a command is missing'],
    [[], 'kubernest: a command is missing'],
    [
      ['cake', 'eat', 'http://root:secret@db:1'],
      "kubernest: too many arguments for 'eat'. Expected 0 arguments but got 1: http://…@db:1.",
    ],
    [['bake', '--stoer=root:secret'], "kubernest: unknown option '--stoer'"],
    [
      ['bake', '--colour\u001b]0;title\u0007\nkubernest: all is well'],
      /^kubernest: unknown option '--colour\\u001b\]0;title\\u0007\\nkubernest: all is well'$/,
    ],
    [
      ['bake', `--heat=${'9'.repeat(100_000)}x`],
      /^kubernest: option '--heat <degrees>' argument '9{1,2000} … \(\d+ characters left out\) … 9+x' is invalid\. degrees are a number$/,
    ],
    [
      ['bake', '--config', '/no/such/file'],
      /^kubernest: --config \/no\/such\/file cannot be read: there is no such file/,
    ],
    [['bake', '--config', '/'], /^kubernest: --config \/ cannot be read: it is a folder$/],
    [
      ['bake', '--config', '/dev/zero'],
      /^kubernest: --config \/dev\/zero cannot be read: it is a device, and no file$/,
    ],
  ])('%j ends with 2, and its error is the last line', async (argv, last) => {
    const { code, errors } = await typed(...argv);
    expect(code).toBe(2);
    const lines = errors.join('\n').split('\n');
    expect(lines.at(-1)).toMatch(last);
    expect(lines.length).toBeLessThanOrEqual(25);
  });

  it('without a command gets to know which there are, and what tells more of them', async () => {
    const { errors } = await typed();
    expect(errors).toContain('  Use           bake, cake');
    expect(errors.slice(-2)).toEqual([`see: ${called} --help`, 'kubernest: a command is missing']);
  });

  it.each([
    [['bake', '--colour'], `see: ${called} bake --help`],
    [['cake', 'eat', 'more'], `see: ${called} cake eat --help`],
    [['cake'], `Usage: ${called} cake `],
  ])('%j names a command that this user can type', async (argv, words) => {
    expect((await typed(...argv)).errors.join('\n').replaceAll(/\s+/g, ' ')).toContain(words);
  });
});

it('a command that fails ends with 1 and the reason, one that says its exit code with that', async () => {
  expect(await typed('bake', 'stone')).toMatchObject({ code: 1, errors: ['kubernest: stone cannot be baked'] });
  expect(await typed('bake', 'file')).toMatchObject({
    code: 1,
    errors: ['kubernest: /etc/passwd cannot be used: what should be a folder in its path is none'],
  });
  expect(await typed('cake', 'eat')).toMatchObject({ code: 3, errors: [] });
  expect(await typed('bake', '--help')).toMatchObject({ code: 0, errors: [] });
});

it.each([
  [['help'], `Usage: ${called} [options] [command]`],
  [['help', 'bake'], `Usage: ${called} bake `],
  [['help', 'cake'], `Usage: ${called} cake `],
  [['help', 'cake', 'eat'], `Usage: ${called} cake eat `],
  [['cake', 'eat', '--help'], `Usage: ${called} cake eat `],
])('%j prints the help of that command, and is no fault', async (argv, usage) => {
  const { code, errors, printed } = await typed(...argv);
  expect([code, errors]).toEqual([0, []]);
  expect(printed.join('')).toContain(usage);
});

describe('a path that begins with ~', () => {
  it('is below the own home, as behind no = and in no file a shell makes it', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-home-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('HOME', dir);
    writeFileSync(join(dir, 'lab.yaml'), 'data-dir: ~/lab\n');
    expect((await typed('bake', '--data-dir=~/x')).reached!.options).toMatchObject({ dataDir: join(dir, 'x') });
    expect((await typed('bake', '--data-dir=~')).reached!.options).toMatchObject({ dataDir: dir });
    expect((await typed('bake', '--config=~/lab.yaml')).reached!.options).toMatchObject({ dataDir: join(dir, 'lab') });
    vi.stubEnv('KUBERNEST_CONFIG', '~/lab.yaml');
    expect((await typed('bake')).reached!.options).toMatchObject({ dataDir: join(dir, 'lab') });
  });

  it.each(['--data-dir=~eve/x', '--config=~eve'])('is refused where it is in the home of another: %s', async (flag) => {
    const { code, errors } = await typed('bake', flag);
    expect(code).toBe(2);
    expect(errors.at(-1)).toMatch(/only ~\/, your own home, is known here; write another out, or \.\/~eve/);
  });
});

describe('a file of --config', () => {
  const withFile = async (text: string, ...argv: string[]) => {
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-config-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, 'kubernest.yaml'), text);
    return await typed('bake', '--config', join(dir, 'kubernest.yaml'), ...argv);
  };

  it('says what flags would, and a flag that is typed wins', async () => {
    const { reached } = await withFile('heat: 200\nform: round\nsalt: false\nname: mine\n', '--form=square');
    expect(reached!.options).toMatchObject({ heat: 200, form: 'square', salt: false, name: 'mine' });
    expect(['heat', 'form', 'salt', 'dataDir'].map((name) => reached!.isGiven(name as keyof BakeOptions))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('is the one of KUBERNEST_CONFIG where none is typed, for commands about a cluster', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-config-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    onTestFinished(() => void vi.unstubAllEnvs());
    const use = (file: string) => vi.stubEnv('KUBERNEST_CONFIG', file && join(dir, file));
    for (const name of ['one', 'other']) writeFileSync(join(dir, name), `name: ${name}\nheat: 200\n`);
    use('one');
    expect((await typed('bake', '--heat=10')).reached!.options).toMatchObject({ name: 'one', heat: 10 });
    expect((await typed('bake', '--config', join(dir, 'other'))).reached!.options.name).toBe('other');
    use('');
    expect((await typed('bake')).reached!.options.name).toBe('default');
    use('none');
    expect((await typed('bake')).errors.at(-1)).toMatch(
      /^kubernest: KUBERNEST_CONFIG=.*none cannot be read: there is no such file or folder/,
    );
    expect((await typed('cake', 'eat')).code).toBe(3);
  });

  it('says where paths are as seen from where it lies, however it is named', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kubernest-config-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, 'kubernest.yaml');
    for (const [said, is] of [
      ['lab-data', join(dir, 'lab-data')],
      ['../lab', join(dir, '..', 'lab')],
      ['/data/lab', '/data/lab'],
    ]) {
      writeFileSync(file, `data-dir: ${said}\nform: round\n`);
      for (const named of [file, relative('.', file)])
        expect((await typed('bake', '--config', named)).reached!.options).toMatchObject({ dataDir: is, form: 'round' });
    }
    expect((await typed('bake', '--config', file, '--data-dir=mine')).reached!.options).toMatchObject({
      dataDir: 'mine',
    });
  });

  it('says with the word of a flag, or without its no-, what is to be left out', async () => {
    for (const [text, salt] of [
      ['salt: false', false],
      ['salt: true', true],
      ['no-salt: true', false],
      ['no-salt: false', true],
    ] as const)
      expect((await withFile(text)).reached!.options.salt).toBe(salt);
  });

  it('may say what other commands take, and nothing', async () => {
    expect((await withFile('slowly: true\n')).code).toBe(0);
    expect((await withFile('# later\n')).code).toBe(0);
  });

  it.each([
    ['colour: red', /there is no flag --colour/],
    ['config: other.yaml', /there is no flag --config/],
    ['heat: hot', /heat hot: degrees are a number/],
    ['heat: true', /heat needs a value/],
    ['form: oval', /form oval: Allowed choices are round, square/],
    ['salt: much', /salt is true or false/],
    ['no-salt: much', /no-salt is true or false/],
    ['no-heat: true', /there is no flag --no-heat/],
    ['data-dir: ~eve/lab', /data-dir ~eve\/lab: only ~\/, your own home, is known/],
    ['heat: [1]', /heat must be a text, a number, true or false/],
    ['- heat', /it must be a map of flags/],
    ['heat: "', /cannot be read: it is no YAML \(line 1, column 8\)$/],
    ['heat: 1\n---\nheat: 2', /cannot be read: it holds more than one YAML document$/],
    ['heat: *none', /cannot be read: its aliases \(\*NAME\) cannot be followed$/],
    [
      `form: "\\e[2J${'x'.repeat(5_000_000)}"`,
      /form \\u001b\[2Jx+ … \(\d+ characters left out\) … x+: Allowed choices are round, square\.$/,
    ],
    ['"\\e[2J": 1', /there is no flag --\\u001b\[2J;/],
  ])('that says %j is refused', async (text, words) => {
    const { code, errors } = await withFile(text);
    expect(code).toBe(2);
    expect(errors.at(-1)).toMatch(words);
  });
});

it('kubernest without a command fits on a screen', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void errors.mockRestore());
  expect(await runProgram(realCommands, [], ctx)).toBe(2);
  expect(errors.mock.calls.length).toBeLessThanOrEqual(25);
  expect(errors.mock.calls.at(-1)).toEqual(['kubernest: a command is missing']);
});

describe('kubernest', () => {
  const ofClusters = realCommands.filter(({ ofCluster }) => ofCluster);
  const said = async (...argv: readonly string[]) => {
    const lines: string[] = [];
    for (const method of ['log', 'error'] as const)
      vi.spyOn(console, method).mockImplementation((text: string) => void lines.push(text));
    onTestFinished(() => void vi.restoreAllMocks());
    return { code: await runProgram(realCommands, argv, ctx), lines };
  };

  it.each(ofClusters.map((command) => [command.name, command] as const))(
    'takes a name that no cluster can have for a wrong command line: %s',
    async (name, { arguments: wanted = [] }) => {
      const args = wanted.filter(({ required }) => required).map(() => 'x');
      for (const wrong of ['A_b', 'a/b', '../x'])
        expect(await said(...name.split(' '), `--name=${wrong}`, ...args)).toEqual({
          code: 2,
          lines: [`kubernest: cluster name "${wrong}": use up to 32 lower-case letters, digits and dashes`],
        });
    },
  );

  it.each(['--version', '-v', 'version'])('says which one it is, asked by %s', async (word) => {
    const run = vi.fn(async () => {});
    const commands = realCommands.map((command) => (command.name === 'version' ? { ...command, run } : command));
    expect(await runProgram(commands, [word, '--output=json'], ctx)).toBe(0);
    expect(run).toHaveBeenCalledWith(expect.objectContaining({ options: { output: 'json' } }), ctx);
  });
});

it('every command of kubernest has a name of its own, a sentence, and flags that tell what they are', () => {
  expect(new Set(realCommands.map(({ name }) => name)).size).toBe(realCommands.length);
  for (const { about, options = [] } of realCommands) {
    expect(about).toMatch(/\.$/);
    for (const option of options) expect(option.description).not.toBe('');
  }
  expect(() => buildProgram(realCommands, async () => {})).not.toThrow();
});
