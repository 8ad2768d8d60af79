/**
 * The thread that the template engine runs in: one instance of the module, which reads jobs as its stdin and answers
 * line by line as its stdout. It has no files, no environment, no true clock and no randomness.
 */
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { wasiCalls } from './wasi-calls.ts';

const Handed = z.object({
  module: z.instanceof(WebAssembly.Module),
  /** Raised by one with each job that was posted. */
  posted: z.instanceof(Int32Array),
  port: z.custom<MessagePort>((port) => typeof port === 'object'),
});

const { module, posted, port } = Handed.parse(workerData);
let taken = 0;
let ready = false;

/** The next job, for which the whole thread waits. */
function nextJob(): Uint8Array {
  if (!ready) port.postMessage({ ready: true });
  ready = true;
  Atomics.wait(posted, 0, taken);
  const received: unknown = receiveMessageOnPort(port)?.message;
  taken += 1;
  return Buffer.from(`${z.string().parse(received)}\n`);
}

const Exports = z.object({
  memory: z.instanceof(WebAssembly.Memory, { error: 'the module exports no memory' }),
  _start: z.custom<() => void>((it) => typeof it === 'function', { error: 'the module exports no _start' }),
});

const calls = wasiCalls({ read: nextJob, line: (line) => port.postMessage({ line }) });
try {
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: calls.imports });
  const { memory, _start } = Exports.parse({ ...instance.exports });
  calls.attach(memory);
  _start();
} catch (error) {
  port.postMessage({ ended: `${error instanceof Error ? error.message : String(error)}\n${calls.complaint()}` });
}
