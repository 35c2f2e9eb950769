import { expect, it } from 'vitest';
import { adviceWithoutSystemd, unitText } from './unit.ts';

const lineOf = (text: string, key: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(`${key}=`));
const start = { cluster: 'a', command: '/srv/kubernest/kubernest', flags: ['--name=a'], environment: { PATH: '/bin' } };

it('a unit starts the cluster once the network is there, again after a fault, and ends all of it', () => {
  const lines = unitText(start).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'Wants=network-online.target',
      'After=network-online.target docker.service',
      'Environment=PATH=/bin',
      'ExecStart=/bin/sh /srv/kubernest/kubernest up --name=a',
      'KillMode=mixed',
      'Restart=on-failure',
      'WantedBy=multi-user.target',
    ]),
  );
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
