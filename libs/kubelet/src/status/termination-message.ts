import { open } from 'node:fs/promises';
import { ifThere } from '@kubernest/process';
import type { ContainerState } from '@kubernest/runtime/contract';
import { exitCodeOf } from '../pods/pod-runtime.ts';
import type { Container } from '../types.ts';

const MAX_MESSAGE_BYTES = 4096;
const MAX_LOG_BYTES = 2048;
const MAX_LOG_LINES = 80;

/** A container's last words: its file, or the end of its log when it failed wordlessly and asked for that. */
export async function terminationMessage(
  container: Container,
  state: ContainerState,
  path: string,
): Promise<string | undefined> {
  const text = await firstBytes(path, MAX_MESSAGE_BYTES);
  if (text !== '') return text;
  if (container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCodeOf(state) === 0 || !state.logPath)
    return undefined;
  return lastLogLines(state.logPath);
}

/** A container may write as much as it likes; no more is read than is shown. */
async function firstBytes(path: string, length: number): Promise<string> {
  const file = await ifThere(open(path));
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await file.close();
  }
}

async function lastLogLines(path: string): Promise<string | undefined> {
  const file = await ifThere(open(path));
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    // One line of log is wrapped in some 80 bytes of JSON.
    const length = Math.min(size, MAX_LOG_BYTES + MAX_LOG_LINES * 100 + 64 * 1024);
    const tail = Buffer.alloc(length);
    await file.read(tail, 0, length, size - length);
    const lines = tail
      .toString()
      .split('\n')
      .slice(length < size ? 1 : 0);
    const texts = lines
      .flatMap((line) => (line ? [(JSON.parse(line) as { log: string }).log] : []))
      .slice(-MAX_LOG_LINES);
    const all = Buffer.from(texts.join(''));
    return all.subarray(Math.max(0, all.length - MAX_LOG_BYTES)).toString() || undefined;
  } finally {
    await file.close();
  }
}
