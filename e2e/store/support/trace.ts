// Reads what `strace -f -y` wrote about one program that says `acknowledged N` and `watched N`.

interface Call {
  readonly name: string;
  readonly text: string;
  /** Where in the trace it began and where it returned. */
  readonly begun: number;
  readonly returned: number;
}

const COMPLETE = /^(\d+)\s+(\w+)\((.*)\)\s+=\s+(\S+)/;
const UNFINISHED = /^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)\s=\s+(\S+)/;

function callsOf(trace: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, { name: string; text: string; begun: number }>();
  trace.split('\n').forEach((line, at) => {
    const unfinished = UNFINISHED.exec(line);
    const resumed = RESUMED.exec(line);
    const complete = COMPLETE.exec(line);
    if (unfinished) {
      open.set(unfinished[1]!, { name: unfinished[2]!, text: unfinished[3]!, begun: at });
    } else if (resumed) {
      const begun = open.get(resumed[1]!);
      if (begun && !resumed[4]!.startsWith('-')) calls.push({ ...begun, text: begun.text + resumed[3]!, returned: at });
    } else if (complete && !complete[4]!.startsWith('-')) {
      calls.push({ name: complete[2]!, text: complete[3]!, begun: at, returned: at });
    }
  });
  return calls;
}

export interface TraceReport {
  readonly acknowledged: number;
  readonly watched: number;
  /** What was said before the log write it stands for was synced. */
  readonly tooEarly: readonly string[];
}

/** Between a write to the write-ahead log and the next thing said, a sync of that log must begin and return. */
export function readTrace(trace: string): TraceReport {
  const calls = callsOf(trace);
  const onLog = calls.filter((call) => call.text.includes('state.db-wal>'));
  const writes = onLog.filter((call) => call.name.startsWith('pwrite'));
  const syncs = onLog.filter((call) => call.name === 'fdatasync' || call.name === 'fsync');
  const said = calls.filter((call) => call.name === 'write' && /"(acknowledged|watched) \d+/.test(call.text));
  let before = 0;
  const tooEarly: string[] = [];
  for (const { text, begun } of said) {
    const last = writes.findLast((write) => write.returned < begun);
    const synced = last && syncs.some((sync) => sync.begun > last.returned && sync.returned < begun);
    // Each acknowledgement must have brought a write of its own.
    const own = !text.includes('acknowledged') || (last !== undefined && last.returned > before);
    if (!synced || !own) tooEarly.push(text);
    if (text.includes('acknowledged')) before = begun;
  }
  const count = (word: string) => said.filter((call) => call.text.includes(word)).length;
  return { acknowledged: count('acknowledged'), watched: count('watched'), tooEarly };
}
