import { type Context, silentLogger, systemClock } from '@kubernest/kit';
import { commandNameVariable, rootSignal } from '@kubernest/process';
import { searchPath } from '../../../tools/bootstrap/search-path.mjs';
import { called } from './command/command-name.ts';
import { runProgram } from './command/program.ts';
import { commands } from './commands/index.ts';

// Neither is a reason to end: whoever reads the output has seen enough (`| head`), or it has no room.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') console.error(`kubernest: the output cannot be written: ${error.message}`);
});

// Whatever this user lets others do elsewhere, nothing that a cluster is made of is theirs to change.
process.umask(process.umask() | 0o022);
// For all that is started from here: agent and engine need programs that cron and `su` do not search for.
process.env['PATH'] = searchPath();
// The programs that this one starts name it in their messages.
process.env[commandNameVariable] = called;
const ctx: Context = { signal: rootSignal(), clock: systemClock, log: silentLogger };
process.exitCode = await runProgram(commands, process.argv.slice(2), ctx);
