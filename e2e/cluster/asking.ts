import { request } from 'node:http';

/** One request after the other, each on a connection of its own, until it is stopped. */
export class Asking {
  readonly answers: string[] = [];
  readonly failures: string[] = [];
  #stopped = false;
  readonly #loop: Promise<void>;

  constructor(readonly host: string) {
    this.#loop = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#stopped)
      await this.#ask().then(
        (answer) => this.answers.push(answer),
        (error: Error) => this.failures.push(error.message),
      );
  }

  #ask(): Promise<string> {
    return new Promise((done, fail) => {
      const asked = request({ host: this.host, agent: false, timeout: 10_000 }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.once('end', () => done(body.trim()));
        response.once('error', fail);
      });
      asked.once('timeout', () => asked.destroy(new Error('no answer within 10 s')));
      asked.once('error', fail);
      asked.end();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }
}
