import { statusErrorFrom } from '@kubernest/apiserver/handlers';
import { StoreBusyError, StoreFullError, StoreUnavailableError } from '@kubernest/store/contract';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { securityHeaders } from './static-files.ts';

/** What the store cannot do is told as the API tells it. */
@Catch(StoreFullError, StoreBusyError, StoreUnavailableError)
export class StoreFaultFilter implements ExceptionFilter {
  catch(fault: Error, host: ArgumentsHost): void {
    const error = statusErrorFrom(fault);
    const seconds = error.details?.retryAfterSeconds;
    host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .code(error.code)
      .headers({ ...securityHeaders, ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }) })
      .send(error.toStatus());
  }
}
