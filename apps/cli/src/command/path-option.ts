import { Option } from 'commander';

/** An option whose value is a path: typed, it begins in the current folder; in a file of `--config`, beside that file. */
export class PathOption extends Option {}
