/** Where GitHub starts: the runner's process on the Action's ports. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as core from '@actions/core';
import type { Ports } from './ports.ts';
import { run } from './run.ts';

const { env } = process;
const cancel = new AbortController();
// A cancelled job gets SIGINT, 7.5 s later SIGTERM, and 2.5 s later it is killed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort());

const ports: Ports = {
  env,
  runner: {
    info: core.info,
    startGroup: core.startGroup,
    endGroup: core.endGroup,
    error: (text, title) => core.error(text, { title }),
    warning: (text, title) => core.warning(text, { title }),
    setSecret: core.setSecret,
    setOutput: core.setOutput,
    async summary(markdown) {
      // The job has come to its end, with or without somebody who keeps summaries.
      if (!env['GITHUB_STEP_SUMMARY']) return;
      await core.summary
        .addRaw(markdown, true)
        .write()
        .catch((error: unknown) => core.warning(`the summary could not be written: ${String(error)}`));
    },
  },
  timing: {
    now: Date.now,
    pause: (milliseconds) => wait(milliseconds, undefined, { signal: cancel.signal }).catch(() => undefined),
    timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
    random: Math.random,
  },
  readFile: (path) => readFile(resolve(env['GITHUB_WORKSPACE'] ?? '.', path), 'utf8'),
  cancelled: cancel.signal,
};

process.exitCode = await run(ports);
