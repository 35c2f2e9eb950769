import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiResponse } from '@kubernest/apiserver/engine';
import { answerUpgrade } from '@kubernest/streams';
import { auditIdOf } from './audit-id.ts';

/** An upgrade that the API server answered with an ordinary response. */
export function refuseUpgrade(request: IncomingMessage, socket: Duplex, answer: ApiResponse): void {
  if (answer.kind === 'upgraded') return;
  const { status, headers, body } = answer.kind === 'bytes' ? answer : noUpgradeHere;
  const all = { 'audit-id': auditIdOf(request), ...headers };
  answerUpgrade(request, socket, { status, headers: all, body: Buffer.concat(body) });
}

/** What would be a stream of its own sort takes no upgrade into another. */
const noUpgradeHere = {
  status: 400,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: [Buffer.from('this path takes no upgrade\n')],
};
