import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../../../../tools/test/facts.ts';
import { adviceWithoutSystemd, unitName, unitText } from './unit.ts';

const lineOf = (text: string, key: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(`${key}=`));
const start = {
  cluster: 'a',
  command: '/srv/kubernest/kubernest',
  flags: ['--name=a'],
  dataDir: '/data/a',
  environment: { PATH: '/bin' },
};

it('a unit starts the cluster once network and disks are there, again after a fault, and has it stop what it started', () => {
  const lines = unitText(start).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'Wants=network-online.target',
      'After=network-online.target docker.service',
      'RequiresMountsFor=/data/a /srv/kubernest/kubernest',
      'Environment=PATH=/bin',
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
    Environment: /^"?\w+=/,
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
    for (const line of unitText(one).split('\n')) {
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
      writeFileSync(file, unitText(strange));
      expect(verify()).toMatchObject({ status: 0, stderr: '' });
      writeFileSync(file, unitText(strange).replace('KillMode', 'KillMood'));
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
  const text = unitText({ ...start, flags: [`--data-dir=${path}`] });
  expect(lineOf(text, 'ExecStart')).toBe(`ExecStart=/bin/sh /srv/kubernest/kubernest up ${word}`);
});

it('the path of the program may be any, and the environment knows no variables', () => {
  const text = unitText({ ...start, command: '/my $"disk"/kubernest', environment: { HOME: '/home/a $b' } });
  expect(lineOf(text, 'ExecStart')).toBe('ExecStart=/bin/sh "/my $$\\"disk\\"/kubernest" up --name=a');
  expect(lineOf(text, 'Environment')).toBe('Environment="HOME=/home/a $b"');
});

it('without systemd the lines are ones that cron and a shell take', () => {
  expect(adviceWithoutSystemd({ ...start, flags: ["--data-dir=/it's 5%"] })).toEqual([
    "with cron, by crontab -e:         @reboot env PATH=/bin /srv/kubernest/kubernest up --detach '--data-dir=/it'\\''s 5\\%'",
    "with a supervisor, which runs it: env PATH=/bin /srv/kubernest/kubernest up '--data-dir=/it'\\''s 5%'",
  ]);
});
