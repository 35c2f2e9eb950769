import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NothingHere } from './nothing-here.filter.ts';

let app: NestFastifyApplication;
beforeAll(async () => {
  class Bare {}
  Module({ providers: [{ provide: APP_FILTER, useClass: NothingHere }] })(Bare);
  app = await NestFactory.create<NestFastifyApplication>(Bare, new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(() => app.close());

it.each(['GET', 'POST', 'DELETE'] as const)('%s of a path that leads nowhere is answered by a text', async (method) => {
  const answer = await app.inject({ method, url: '/ui/nothing' });
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
    404,
    'text/plain; charset=utf-8',
    '404 page not found\n',
  ]);
});
