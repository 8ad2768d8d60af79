import { layerTexts } from '../../adapters/helm/layer-texts.ts';
import { type MemoryLayerStore, memoryLayerStore } from '../../adapters/memory/memory-layer-store.ts';
import { featurePorts } from '../../bin/feature-ports.ts';
import type { Ports } from '../../cli/ports.ts';
import { run } from '../../cli/run.ts';
import type { ApiClient } from '../../contracts/api/client.ts';
import { registered, type TestApi } from '../lambdas/answer-request/support.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command line in front of the real API's code, on a table in memory. */
export interface TestCli {
  readonly api: TestApi;
  readonly drawn: string[];
  readonly interrupt: AbortController;
  readonly layers: MemoryLayerStore;
  readonly files: Map<string, string>;
  readonly granted: string[];
  readonly pushed: unknown[][];
  run(line: string | readonly string[], ports?: Partial<Ports>): Promise<Ran>;
}

/** `overrides` are those of the API behind it. */
export async function testCli(overrides: Parameters<typeof registered>[0] = {}): Promise<TestCli> {
  const api = await registered(overrides);
  const interrupt = new AbortController();
  const files = new Map<string, string>();
  const layers = memoryLayerStore(api.deps.now);
  const [drawn, granted, pushed]: [string[], string[], unknown[][]] = [[], [], []];
  let keys = 0;
  const usual: Omit<Ports, 'terminal'> = {
    destination: async ({ endpoint }) => ({
      endpoint: endpoint ?? 'http://127.0.0.1:4566/v1',
      because: endpoint === undefined ? 'the running local stack' : '--endpoint',
      client: clientOf(api),
    }),
    parameters: async () => layers,
    layerTexts,
    editedFile: async () => {
      throw new Error('this test has no editor');
    },
    pushChart:
      async () =>
      async (...given) => {
        pushed.push(given);
        return { version: '0.1.0', digest: 'sha256:abc' };
      },
    grantAccess:
      async () =>
      async ({ cluster, namespace }) => {
        granted.push(`${cluster}/${namespace}`);
        return { chart: 'installed' };
      },
    doctor: async () => {
      throw new Error('this story has no doctor');
    },
    feature: async () => featurePorts(),
    clusterAdmin: async () => {
      throw new Error('this test has no cluster');
    },
    ask: async () => undefined,
    readSecret: async () => undefined,
    jobToken: async () => ({ given: false, code: 'no-permission', because: 'this is no job' }),
    stack: {
      up: async () => 0,
      down: async () => ({ outcome: 'stopped', because: 'asked' }),
      env: async () => undefined,
    },
    readFile: async (path) => {
      const found = files.get(path);
      if (found === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return found;
    },
    now: api.deps.now,
    pause: async (milliseconds) => api.advance(milliseconds),
    interrupted: interrupt.signal,
    newKey: () => `key-${++keys}`,
  };
  return {
    ...{ api, drawn, interrupt, layers, files, granted, pushed },
    async run(line, ports = {}) {
      const [out, err]: [string[], string[]] = [[], []];
      const terminal: Ports['terminal'] = {
        out: (text) => void out.push(text),
        err: (text) => void err.push(text),
        live: false,
        colour: false,
        columns: 120,
        draw: (text) => void drawn.push(text),
        done: () => undefined,
        ...ports.terminal,
      };
      const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
      const code = await run(argv, { ...usual, ...ports, terminal });
      return { code, out: out.join('\n'), err: err.join('\n') };
    },
  };
}

/** Signed calls as an operator, without a network. */
function clientOf(api: TestApi): ApiClient {
  return {
    async call({ method, path, body, headers, signal }) {
      signal?.throwIfAborted();
      const url = new URL(path, 'http://api');
      const query = Object.fromEntries([...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]));
      const answer = await api.call(method, url.pathname, { body, query, ...(headers && { headers }) });
      return { status: answer.status, body: answer.body, headers: answer.headers };
    },
  };
}
