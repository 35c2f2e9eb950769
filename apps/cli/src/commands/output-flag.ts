import { Option } from 'commander';

export interface OutputOptions {
  readonly output?: 'json';
}

/** For commands that programs read. */
export const outputFlag = (): Option => new Option('-o, --output <form>', 'how to print it').choices(['json']);

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));
