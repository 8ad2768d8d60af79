import { createServer } from 'node:net';

/**
 * A TCP port of the loopback that was free a moment ago. For programs that must be told their port and cannot listen on 0;
 * between this answer and their bind somebody else may take it, so callers try again when their program says "in use".
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('the loopback gave no port'));
        else resolve(address.port);
      });
    });
  });
}
