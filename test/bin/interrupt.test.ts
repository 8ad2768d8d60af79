import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const ID = '01JD0Z5Q6X3N8V7T2K4M9R1B0C';

let server: Server | undefined;
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  server?.closeAllConnections();
  server?.close();
});

/** An API that takes a start and then says nothing more; `asked` settles when somebody waits. */
async function silentApi() {
  const asked = Promise.withResolvers<void>();
  const started = createServer((request, response) => {
    if (request.method !== 'POST') return asked.resolve();
    const body = { id: ID, package: 'webui', state: 'accepted', matched: ['dev'] };
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, asked: asked.promise };
}

function fairlead(args: readonly string[], endpoint: string) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    FAIRLEAD_ENDPOINT: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  const started = spawn(process.execPath, [join(ROOT, 'bin/fairlead.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let said = '';
  started.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  return { process: started, ended: once(started, 'close'), said: () => said };
}

it('Ctrl-C leaves the rollout running, says how to come back and ends 130, also when one press arrives twice', async () => {
  const { endpoint, asked } = await silentApi();
  const command = fairlead(['rollout', 'webui', '--version', '1.0.0'], endpoint);
  await asked;
  command.process.kill('SIGINT');
  command.process.kill('SIGINT');
  expect(await command.ended).toEqual([130, null]);
  expect(command.said()).toContain(`rollout ${ID} goes on. See it: fairlead status webui ${ID}`);
});

it('Ctrl-C ends a command that only reads', async () => {
  const { endpoint, asked } = await silentApi();
  const command = fairlead(['package', 'list'], endpoint);
  await asked;
  command.process.kill('SIGINT');
  expect(await command.ended).toEqual([130, null]);
  expect(command.said()).not.toContain('error');
});
