import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { placesOf } from './places.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as readonly Shell[];

/** A script that makes the shell complete the words and flags of `program`, the values of flags that have choices, and paths. */
export const completionScript = (shell: Shell, program: Command): string => scripts[shell](placesOf(program));
