import { Option } from 'commander';
import { printExact } from '../output/print.ts';

export interface OutputOptions {
  readonly output?: 'json';
}

/** For commands that programs read. */
export const outputFlag = (): Option => new Option('-o, --output <form>', 'how to print it').choices(['json']);

export const printJson = (value: unknown): void => printExact(`${JSON.stringify(value, null, 2)}\n`);
