import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';

/**
 * Does `work` while no other process does any of the same name; says `words` where it has to wait. `work` gets a descriptor: a child that
 * keeps it open keeps the turn, should this process be killed. A socket in the abstract name space, which the kernel frees whatever happens.
 */
export async function inTurn(name, words, work) {
  const address = `\0kubernest-${createHash('sha256').update(name).digest('hex')}`;
  let told = false;
  for (;;) {
    const server = await listening(address);
    if (server) {
      try {
        return await work(server._handle?.fd);
      } finally {
        server.close();
      }
    }
    if (!told) console.log(words);
    told = true;
    await gone(address);
  }
}

function listening(address) {
  return new Promise((resolve, reject) => {
    // Whoever waits is let in, and sees the end of it.
    const server = createServer((waiting) => waiting.on('error', () => {}).unref());
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server.unref()));
  });
}

function gone(address) {
  return new Promise((resolve) => {
    const waiting = connect(address);
    waiting.on('error', () => {});
    waiting.once('close', resolve).resume();
  });
}
