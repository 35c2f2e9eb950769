import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../../../../tools/test/facts.ts';
import { environmentText, unitName, unitText } from './unit.ts';

const lineOf = (text: string, key: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(`${key}=`));
const environmentFile = '/etc/systemd/system/kubernest-a.service.env';
const start = {
  cluster: 'a',
  command: '/srv/kubernest/kubernest',
  flags: ['--name=a'],
  dataDir: '/data/a',
  environment: { PATH: '/bin' },
};

it('a unit starts the cluster once network and disks are there, again after a fault, and has it stop what it started', () => {
  const lines = unitText(start, environmentFile).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'Wants=network-online.target',
      'After=network-online.target docker.service',
      'RequiresMountsFor=/data/a /srv/kubernest/kubernest',
      `EnvironmentFile=${environmentFile}`,
      'ExecStart=/bin/sh /srv/kubernest/kubernest up --name=a',
      'KillMode=process',
      'Restart=on-failure',
      'SuccessExitStatus=130 143',
      'WantedBy=multi-user.target',
    ]),
  );
});

/** What systemd takes, as its manual says (systemd.unit, .service, .exec, .kill, .resource-control). */
const known: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  Unit: {
    Description: /./,
    Wants: /^\S+\.target$/,
    After: /^\S+\.target( \S+\.service)*$/,
    RequiresMountsFor: /^"?\//,
  },
  Service: {
    Type: /^(simple|exec|forking|oneshot|dbus|notify|idle)$/,
    EnvironmentFile: /^\//,
    ExecStart: /^\/bin\/sh /,
    KillMode: /^(control-group|mixed|process|none)$/,
    TimeoutStopSec: /^\d+$/,
    Restart: /^(no|always|on-success|on-failure|on-abnormal|on-abort|on-watchdog)$/,
    RestartSec: /^\d+$/,
    SuccessExitStatus: /^\d+( \d+)*$/,
    RestartPreventExitStatus: /^\d+( \d+)*$/,
    OOMPolicy: /^(continue|stop|kill)$/,
    Delegate: /^(yes|no)$/,
    TasksMax: /^(infinity|\d+)$/,
    LimitNOFILE: /^\d+$/,
  },
  Install: { WantedBy: /^\S+\.target$/ },
};
const strange = {
  ...start,
  command: '/my $"disk" 5%/kubernest',
  dataDir: "/it's\n[x]",
  environment: { HOME: '/a $b %h' },
};

describe('whatever its paths are, a unit', () => {
  it.each([
    ['plain', start],
    ['strange', strange],
  ])('has nothing but what systemd knows: %s', (_what, one) => {
    let section = '';
    for (const line of unitText(one, environmentFile).split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const [, heading, key = '', value = ''] = /^(?:\[(\w+)\]|(\w+)=(.*))$/.exec(line)!;
      if (heading) section = heading;
      else expect([key, value]).toEqual([key, expect.stringMatching(known[section]![key]!)]);
    }
  });

  it('passes with systemd itself', needs('systemd'), () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubernest-unit-'));
    const file = join(folder, unitName('a'));
    const verify = () => spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    try {
      writeFileSync(file, unitText(strange, environmentFile));
      expect(verify()).toMatchObject({ status: 0, stderr: '' });
      writeFileSync(file, unitText(strange, environmentFile).replace('KillMode', 'KillMood'));
      expect(verify().stderr).toContain('KillMood');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it.each([
  ['a space', '/my disk', '"--data-dir=/my disk"'],
  ['a quote', '/a"b', '"--data-dir=/a\\"b"'],
  ['a single quote', "/it's", '"--data-dir=/it\'s"'],
  ['a backslash', '/a\\b', '"--data-dir=/a\\\\b"'],
  ['a percent sign', '/100%n', '--data-dir=/100%%n'],
  ['a dollar', '/$HOME', '"--data-dir=/$$HOME"'],
  ['a semicolon', '/a ; b', '"--data-dir=/a ; b"'],
  ['a new line', '/a\nExecStart=/b', '"--data-dir=/a\\nExecStart=/b"'],
])('a path with %s stays one word of the unit', (_what, path, word) => {
  const text = unitText({ ...start, flags: [`--data-dir=${path}`] }, environmentFile);
  expect(lineOf(text, 'ExecStart')).toBe(`ExecStart=/bin/sh /srv/kubernest/kubernest up ${word}`);
});

it('the path of the program may be any', () => {
  const text = unitText({ ...start, command: '/my $"disk"/kubernest' }, environmentFile);
  expect(lineOf(text, 'ExecStart')).toBe('ExecStart=/bin/sh "/my $$\\"disk\\"/kubernest" up --name=a');
});

it('the environment may be any, and stands in a file of its own alone', () => {
  const environment = { HOME: '/home/a $b', HTTPS_PROXY: 'http://me:"\\`100%@proxy' };
  expect(environmentText({ ...start, environment })).toBe(
    'HOME="/home/a \\$b"\nHTTPS_PROXY="http://me:\\"\\\\\\`100%@proxy"\n',
  );
  expect(unitText({ ...start, environment }, environmentFile)).not.toContain('proxy');
});
