import { createServer } from 'node:net';

/**
 * A TCP port of the loopback that was free a moment ago: the first free one of `preferred`, else any. For programs that must be told their port and
 * cannot listen on 0; until they bind somebody else may take it, so callers try again when their program says "in use".
 */
export async function freePort(preferred: readonly number[] = []): Promise<number> {
  for (const port of preferred) {
    const got = await tryPort(port).catch(() => undefined);
    if (got !== undefined) return got;
  }
  return await tryPort(0);
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('the loopback gave no port'));
        else resolve(address.port);
      });
    });
  });
}
