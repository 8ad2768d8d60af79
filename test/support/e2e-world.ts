/** Somebody at work on the running stack: the command line in this process, charts made on the fly, helm and kubectl as the cluster's admin. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { stringify } from 'yaml';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { commandLineOn } from '../../bin/command-line-on.ts';
import { asOperator, type Chosen, onStack } from '../../bin/destination.ts';
import { RolloutView } from '../../contracts/api/rollout.ts';
import type { Table } from '../../domain/table.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { type CommandLine, mustRun } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';

export interface E2eWorld {
  readonly stack: RunningStack;
  /** `fairlead` as an operator. */
  readonly operator: CommandLine;
  /** The stack's table, as root. */
  readonly table: Table;
  /** `fairlead` with whatever credentials. */
  as(chosen: Chosen): CommandLine;
  /** `fairlead` as a job of the repository on its main branch. */
  workflow(repository: string): Promise<CommandLine>;
  /** A command of the operator's that has to succeed, with `--json`: what it printed. */
  json(...argv: readonly string[]): Promise<unknown>;
  /** Writes a file (text, or a value as YAML) below the world's folder, and answers its path. */
  file(name: string, content: unknown): Promise<string>;
  /** helm or kubectl, on the first cluster as its admin: what it printed. */
  helm(...args: readonly string[]): Promise<string>;
  kubectl(...args: readonly string[]): Promise<string>;
  rollout(pkg: string, id: string): Promise<RolloutView>;
  stop(): Promise<void>;
}

/** Opens it; `stop` removes its folder. */
export async function e2eWorld(stack: RunningStack): Promise<E2eWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-e2e-world-'));
  const { operator, as } = commandLines(stack);
  const dynamodb = new DynamoDBClient(localClient(stack.endpoint));
  const env = { KUBECONFIG: stack.clusters[0]?.kubeconfig ?? '', HOME: folder };
  const tool =
    (path: string) =>
    async (...args: readonly string[]) =>
      (await promisify(execFile)(path, args, { env, timeout: 60_000, maxBuffer: 2 ** 25 })).stdout;
  const json: E2eWorld['json'] = async (...argv) => JSON.parse(await mustRun(operator, ...argv, '--json'));
  return {
    stack,
    operator,
    table: dynamodbTable({ client: dynamodb, tableName: stack.outputs['TableName'] ?? '' }),
    as,
    workflow: async (repository) => as(await sourceOf(stack, repository)),
    json,
    async file(name, content) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof content === 'string' ? content : stringify(content));
      return path;
    },
    helm: tool(stack.tools.helm),
    kubectl: tool(stack.tools.kubectl),
    rollout: async (pkg, id) => RolloutView.parse(await json('status', pkg, id)),
    async stop() {
      dynamodb.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function commandLines(stack: RunningStack) {
  const terminal = { out: () => {}, err: () => {}, live: false, colour: false, columns: 120, draw() {}, done() {} };
  const world = {
    terminal,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    interrupted: new AbortController().signal,
    readFile: (path: string) => readFile(path, 'utf8'),
    newKey: () => `e2e-${ulid()}`,
    now: () => new Date(),
  };
  const as = (chosen: Chosen) => commandLineOn(world, stack, chosen);
  return { as, operator: as(asOperator(stack)) };
}

async function sourceOf(stack: RunningStack, repository: string): Promise<Chosen> {
  const name = repository.split('/')[1] ?? '';
  const roleArn = stack.outputs[`SourceRoleArn${name.charAt(0).toUpperCase()}${name.slice(1)}`] ?? '';
  const env = await askWorkflowEnv(stack.github, { repository, ref: 'refs/heads/main' });
  const credentials = await assumeSourceRole({ endpoint: stack.endpoint, region: stack.region, roleArn, env });
  return onStack(stack, `as ${repository}`, async () => credentials);
}
