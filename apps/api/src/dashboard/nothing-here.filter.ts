import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** Paths that lead nowhere are answered as the API server answers them. */
@Catch(NotFoundException)
export class NothingHere implements ExceptionFilter {
  catch(_: NotFoundException, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    reply
      .code(404)
      .headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
      .send('404 page not found\n');
  }
}
