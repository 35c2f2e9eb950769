import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diallingIn } from './dialling.ts';

const root = resolve(import.meta.dirname, '../..');
/** It makes no connection of its own. */
const allowed = new Set(['libs/apiserver/listener/src/refuse-plain-http.ts']);

it('in the API server only the dialer dials', () => {
  const files = globSync('{libs/apiserver,apps/api}/**/*.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'testing',
  }).filter((file) => !/\.(spec|fixture)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(200);
  const dialling = files.filter(
    (file) => !allowed.has(file) && diallingIn(readFileSync(join(root, file), 'utf8')).length > 0,
  );
  expect(dialling.length).toBeGreaterThan(0);
  expect(dialling.filter((file) => !file.startsWith('libs/apiserver/dialer/'))).toEqual([]);
});

describe('dialling', () => {
  it.each([
    "import { request } from 'node:http';",
    "import { type IncomingMessage, request as send } from 'node:https';",
    "import {\n  type Socket,\n  connect,\n} from 'node:net';",
    "import * as https from 'https';",
    "import { lookup } from 'node:dns/promises';",
    "await fetch('http://there');",
    "const ws = new WebSocket('ws://there');",
  ])('is found: %s', (source) => {
    expect(diallingIn(`// one line above\n${source}`)).toEqual([expect.stringMatching(/^line 2: /)]);
  });

  it.each([
    "import { createServer, type Agent } from 'node:http';",
    "import type { Socket } from 'node:net';",
    "import { isIP } from 'node:net';",
    'await read.fetch(ref, key, ctx);',
  ])('is none: %s', (source) => {
    expect(diallingIn(source)).toEqual([]);
  });
});
