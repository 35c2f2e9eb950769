import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { commandNameVariable, fileFault, rootSignal } from '@kubernest/process';
import { searchPath } from '../../../tools/bootstrap/search-path.mjs';
import { called } from './command/command-name.ts';
import { runProgram } from './command/program.ts';
import { commands } from './commands/index.ts';
import { printFault } from './output/print.ts';
import { watchOutput } from './output/whole-output.ts';

let isCut = false;
watchOutput((error) => {
  if (!isCut) printFault(`the output cannot be written: ${fileFault(error)}`);
  isCut = true;
  process.exitCode = 1;
});

// Whatever this user lets others do elsewhere, nothing that a cluster is made of is theirs to change.
process.umask(process.umask() | 0o022);
// For all that is started from here: agent and engine need programs that cron and `su` do not search for.
process.env['PATH'] = searchPath();
// The programs that this one starts name it in their messages.
process.env[commandNameVariable] = called;
const ctx: Context = { signal: rootSignal(), clock: systemClock, log: silentLogger };
const code = await runProgram(commands, process.argv.slice(2), ctx);
process.exitCode = code === 0 && isCut ? 1 : code;
