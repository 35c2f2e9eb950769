// Whatever day it is, a fresh clone installs what was tested: fails on a range, a tag, or a lockfile that says something else.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockFaults } from '../bootstrap/locked.mjs';

const checkout = process.argv[2] ?? resolve(import.meta.dirname, '../..');
const read = (name: string): object => JSON.parse(readFileSync(join(checkout, name), 'utf8')) as object;
const faults = lockFaults(read('package.json'), read('package-lock.json'));
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
