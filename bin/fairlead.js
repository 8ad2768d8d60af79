#!/usr/bin/env node
// Runs the command line under Node 24, whatever Node found this file: our TypeScript runs as it is there and nowhere below.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'bin', 'fairlead.ts');
const node = join(root, 'node_modules', '.bin', 'node');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(main);
} else if (existsSync(node)) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // This process outlives its child, which has last words to say. A terminal tells both of Ctrl-C, npm and others only this one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`error: ${node} does not start: ${error.message}\n`);
    process.exitCode = 7;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 130;
  });
} else {
  process.stderr.write(`fairlead needs Node 24, this is ${process.version}: run 'npm ci' in ${root} first\n`);
  process.exitCode = 5;
}
