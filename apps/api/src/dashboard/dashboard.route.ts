import type { IncomingMessage } from 'node:http';
import type { ApiServer, UserInfo } from '@kubernest/apiserver/engine';
import type { Context } from '@kubernest/kit';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { API_SERVER, CONTEXT } from '../tokens.ts';
import { callerOf } from './caller.ts';
import { refusalPage } from './refusal-page.ts';
import { isOwnPages } from './same-origin.ts';
import { cookieFor, Sessions, sessionIn } from './sessions.ts';
import { StaticFiles, securityHeaders } from './static-files.ts';

/** The dashboard's own addresses, all under /ui. */
@Controller()
export class DashboardRoutes {
  constructor(
    @Inject(API_SERVER) private readonly apiServer: ApiServer,
    @Inject(CONTEXT) private readonly ctx: Context,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(StaticFiles) private readonly files: StaticFiles,
  ) {}

  @Get('ui')
  bare(@Res() reply: FastifyReply): void {
    reply.redirect('ui/', 302);
  }

  async #page(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!(await this.#user(request.raw))) return refuse(reply);
    this.#send('index.html', request, reply);
  }

  /** Who is looking, and a pass for the page's socket. */
  @Get('ui/session')
  async session(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = await this.#user(request.raw);
    if (!user) {
      reply.code(401).headers(securityHeaders).send({ message: 'nothing in the request says who you are' });
      return;
    }
    const answer = { user: user.username, pass: this.sessions.pages.issue(user) };
    reply.headers({ ...securityHeaders, 'cache-control': 'no-store' }).send(answer);
  }

  /** Exchanges the code of a one-time link. */
  @Post('ui/session')
  async enter(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Another site could sign its visitors in as somebody else.
    if (!isOwnPages(request.headers) || !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      reply
        .code(403)
        .headers(securityHeaders)
        .send({ message: 'a code is exchanged as JSON, by a page of this address' });
      return;
    }
    const { code } = (request.body ?? {}) as { readonly code?: unknown };
    const user = typeof code === 'string' ? await this.sessions.links.take(code, this.ctx) : undefined;
    if (!user) {
      reply
        .code(401)
        .headers(securityHeaders)
        .send({ message: 'this code was used already, or it is older than ten minutes' });
      return;
    }
    const cookie = cookieFor(await this.sessions.sessions.issue(user, this.ctx));
    reply
      .code(201)
      .headers({ ...securityHeaders, 'set-cookie': cookie, 'cache-control': 'no-store' })
      .send({ user: user.username });
  }

  @Post('ui/links')
  async link(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // A cookie is not enough here: a link outlives a session.
    const user = await callerOf(this.apiServer, request.raw, this.ctx);
    if (!user) {
      reply.code(401).send({ message: 'a link is made for who is asking: use a client certificate or a bearer token' });
      return;
    }
    reply
      .code(201)
      .headers({ 'cache-control': 'no-store' })
      .send({ code: await this.sessions.links.issue(user, this.ctx) });
  }

  @Get('ui/*')
  async file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = request.url.slice('/ui/'.length).replace(/\?.*$/, '');
    if (path === '' || path === 'index.html') return await this.#page(request, reply);
    this.#send(path, request, reply);
  }

  async #user(request: IncomingMessage): Promise<UserInfo | undefined> {
    const caller = await callerOf(this.apiServer, request, this.ctx);
    if (caller) return caller;
    const session = sessionIn(request.headers.cookie);
    return session ? await this.sessions.sessions.fetchUser(session, this.ctx) : undefined;
  }

  #send(path: string, request: FastifyRequest, reply: FastifyReply): void {
    const file = this.files.find(path);
    if (!file) {
      reply.code(404).headers(securityHeaders).type('text/plain').send(`the dashboard has no ${path}\n`);
      return;
    }
    const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    reply
      .headers({
        ...securityHeaders,
        'content-type': file.type,
        'cache-control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache',
        vary: 'accept-encoding',
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      })
      .send(gzip ? file.gzip : file.bytes);
  }
}

function refuse(reply: FastifyReply): void {
  reply
    .code(401)
    .headers({ ...securityHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .send(refusalPage);
}
