import type { ApiResponse, ApiServerParts, AuditEvent, UserInfo } from '@kubernest/apiserver/contract';
import { isRouted, type Passage, type Stage } from './stage.ts';

const APPLY = 'application/apply-patch+yaml';
const NOBODY: UserInfo = { username: '', groups: [] };

/** Hears of every request, also of those whose sender could not be recognized. */
export const audit = (record: ApiServerParts['audit']): Stage => ({
  answered(passage, response) {
    record?.(auditEvent(passage, response));
    return response;
  },
});

function auditEvent(passage: Passage, response: ApiResponse): AuditEvent {
  const { request, info, receivedAt, sender, user = sender ?? NOBODY, terminated, annotations } = passage;
  return {
    user,
    ...(sender && sender !== user ? { impersonatedBy: sender } : {}),
    info,
    userAgent: request.headers['user-agent'] ?? '',
    sourceAddress: request.peer.address,
    receivedAt,
    code: 'status' in response ? response.status : 101,
    routed: isRouted(passage),
    terminated,
    dryRun: request.method !== 'GET' && request.query.has('dryRun'),
    applies: info.verb === 'patch' && request.headers['content-type']?.startsWith(APPLY) === true,
    ...(annotations && { annotations }),
  };
}
