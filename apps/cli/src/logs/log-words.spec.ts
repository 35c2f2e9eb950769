import { expect, it } from 'vitest';
import { logWords } from './log-words.ts';

it.each([
  [
    'our own',
    '{"level":"info","time":"2026-11-29T20:34:40.993Z","at":"api","port":6444,"tookMs":883,"msg":"ready"}',
    '2026-11-29T20:34:40.993Z api: ready (port 6444, tookMs 883)',
  ],
  [
    'one that warns',
    '{"level":"warn","time":"T","at":"agent.pods","pod":{"name":"a"},"msg":"was slow"}',
    'T WARN agent.pods: was slow (pod {"name":"a"})',
  ],
  [
    'one with an error',
    '{"level":"error","time":"T","at":"api","msg":"failed","error":{"type":"Error","message":"no","stack":"Error: no\\n    at x"}}',
    'T ERROR api: failed (error Error: no\n    at x)',
  ],
  [
    "the engine's",
    'time="2026-11-29T20:00:00Z" level=warning msg="could not \\"see\\" it" error="no such file" module=libc',
    '2026-11-29T20:00:00Z WARNING could not "see" it (error no such file, module libc)',
  ],
  ['a plain one', '[0.3 s] starting cluster "a"', '[0.3 s] starting cluster "a"'],
  ['one that a crash cut off', '{"level":"info","ti', '{"level":"info","ti'],
  ['JSON of something else', '{"a":1}', '{"a":1}'],
  ['logfmt without words', 'time="T" level=info', 'time="T" level=info'],
])('a line of a log is told in words: %s', (_, line, words) => {
  expect(logWords(line)).toBe(words);
});
