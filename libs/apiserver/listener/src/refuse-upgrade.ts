import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ApiResponse, type BytesResponse, wholeOf } from '@kubernest/apiserver/contract';
import { answerUpgrade, auditIdOf } from '@kubernest/streams';

/** An upgrade that the API server answered with an ordinary response. */
export async function refuseUpgrade(request: IncomingMessage, socket: Duplex, answer: ApiResponse): Promise<void> {
  if (answer.kind === 'upgraded') return;
  const ordinary = answer.kind === 'bytes' || answer.kind === 'pieces' ? answer : noUpgradeHere;
  const { status, headers } = ordinary;
  const all = { 'audit-id': auditIdOf(request), ...headers };
  answerUpgrade(request, socket, { status, headers: all, body: await wholeOf(ordinary) });
}

/** What would be a stream of its own sort takes no upgrade into another. */
const noUpgradeHere: BytesResponse = {
  kind: 'bytes',
  status: 400,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: [Buffer.from('this path takes no upgrade\n')],
};
