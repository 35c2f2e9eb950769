import type { IncomingMessage } from 'node:http';
import type { Context } from '@kubernest/kit';
import { before } from '@kubernest/meta';
import { commandName } from '@kubernest/process';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { CONFIG, CONTEXT } from '../tokens.ts';
import { evidenceOf } from './evidence.ts';
import { refusalPage } from './refusal-page.ts';
import { isOwnPages } from './same-origin.ts';
import { cookieFor, Sessions, sessionIn, type Visitor } from './sessions.ts';
import { StaticFiles, securityHeaders } from './static-files.ts';

/** The dashboard's own addresses, all under /ui. */
@Controller()
export class DashboardRoutes {
  constructor(
    @Inject(CONTEXT) private readonly ctx: Context,
    @Inject(CONFIG) private readonly config: Pick<Config, 'name'>,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(StaticFiles) private readonly files: StaticFiles,
  ) {}

  @Get('ui')
  bare(@Res() reply: FastifyReply): void {
    reply.redirect('ui/', 302);
  }

  async #page(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!(await this.#visitor(request.raw))) return this.#refuse(reply);
    this.#send('index.html', request, reply);
  }

  /** Who is looking, and a pass for the page's socket. */
  @Get('ui/session')
  async session(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visitor = await this.#visitor(request.raw);
    if (!visitor) {
      reply.code(401).headers(securityHeaders).send({ message: 'nothing in the request says who you are' });
      return;
    }
    const answer = { user: visitor.user.username, pass: this.sessions.pages.issue(visitor.evidence) };
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
    const evidence = typeof code === 'string' ? await this.sessions.links.take(code, this.ctx) : undefined;
    const visitor = await this.sessions.visitor(evidence, this.ctx);
    if (!visitor) {
      reply.code(401).headers(securityHeaders).send({
        message:
          'this code was used already, it is older than ten minutes, or who asked for it may not come in any more',
      });
      return;
    }
    const { username } = visitor.user;
    const holder = { username, evidence: visitor.evidence };
    const cookie = cookieFor(await this.sessions.sessions.issue(holder, this.ctx));
    reply
      .code(201)
      .headers({ ...securityHeaders, 'set-cookie': cookie, 'cache-control': 'no-store' })
      .send({ user: username });
  }

  @Post('ui/links')
  async link(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Another site's page would push out links that were made on purpose, with the certificate that the browser sends by itself.
    if (!isOwnPages(request.headers)) {
      reply.code(403).headers(securityHeaders).send({ message: 'a link is made by no page of another address' });
      return;
    }
    // A cookie is not enough here: a link outlives a session.
    const visitor = await this.sessions.visitor(evidenceOf(request.raw), this.ctx);
    if (!visitor) {
      reply.code(401).send({ message: 'a link is made for who is asking: use a client certificate or a bearer token' });
      return;
    }
    const { user, evidence } = visitor;
    const code = await this.sessions.links.issue({ username: user.username, evidence }, this.ctx);
    reply.code(201).headers({ 'cache-control': 'no-store' }).send({ code });
  }

  @Get('ui/*')
  async file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = before(request.url.slice('/ui/'.length), '?');
    if (path === '' || path === 'index.html') return await this.#page(request, reply);
    this.#send(path, request, reply);
  }

  #refuse(reply: FastifyReply): void {
    reply
      .code(401)
      .headers({ ...securityHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .send(refusalPage(this.config.name, commandName()));
  }

  async #visitor(request: IncomingMessage): Promise<Visitor | undefined> {
    const caller = await this.sessions.visitor(evidenceOf(request), this.ctx);
    if (caller) return caller;
    const session = sessionIn(request.headers.cookie);
    const evidence = session ? await this.sessions.sessions.fetch(session, this.ctx) : undefined;
    return await this.sessions.visitor(evidence, this.ctx);
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
