import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { followParameters } from '../aws/follow-parameters.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../aws/ministack-environment.ts';
import { rememberedPorts, rememberPort } from '../aws/remembered-ports.ts';
import { type PretendGithub, startPretendGithub } from '../github/pretend-github.ts';
import { bothOrNone, unlessAborted } from '../process/unless-aborted.ts';
import type { Progress } from '../progress.ts';
import { deployApp } from './deploy-app.ts';
import { localConfig } from './local-config.ts';
import { prepareClusters, type StartClusters } from './prepare-clusters.ts';
import { logsOf, StackOptions } from './stack-options.ts';
import type { StackStart } from './stack-start.ts';
import type { RunningStack } from './stack-state.ts';
import { startAws } from './start-aws.ts';
import { Stopper } from './stopper.ts';

export interface StartedStack {
  readonly stack: RunningStack;
  /** Settles, with its name, when a program of the stack has ended without being asked to: the stack is of no use any more. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts everything, as children of this process: installs what is missing, then MiniStack and the pretend GitHub, then side by side the clusters and the
 * deployed app. When one of them fails, or `signal` aborts, all that came up is stopped again before the first reason is thrown.
 */
export async function startStack(input: StackOptions, progress: Progress, signal?: AbortSignal): Promise<StartedStack> {
  const options = StackOptions.parse(input);
  const logs = logsOf(options.folder);
  const stopper = new Stopper();
  const broken = Promise.withResolvers<string>();
  const onBroken = (program: string) => {
    if (!stopper.begun) broken.resolve(program);
  };
  const abort = () => void stopper.stop().catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await clearFolder(options.folder);
    const { tools, startClusters } = await unlessAborted(signal, prepareClusters(options, progress));
    const start = { options, progress, stopper, logs, tools, onBroken };
    const stack = await unlessAborted(signal, startAll(start, startClusters));
    return { stack, broken: broken.promise, stop: () => stopper.stop() };
  } catch (error: unknown) {
    await stopper.stop();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function startAll(start: StackStart, startClusters: StartClusters): Promise<RunningStack> {
  const { options, logs, tools } = start;
  const github = await startGithub(start);
  const ministack = await startAws(start);
  const config = localConfig(parse(await readFile(options.config, 'utf8')), ministack.endpoint);
  const [{ clusters, own }, outputs] = await bothOrNone(
    startClusters(start, ministack, config),
    deployApp(start, ministack, { config, githubKeysUrl: `${github.url}/.well-known/jwks` }),
  );
  const parameters = await followParameters({ endpoint: ministack.endpoint });
  await start.stopper.add('what tells of changed parameters', () => parameters.stop());
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the CDK app has no output '${name}', which the local stack needs`);
    return value;
  };
  return {
    endpoint: ministack.endpoint,
    region: LOCAL_REGION,
    account: LOCAL_ACCOUNT,
    // MiniStack answers execute-api by path, since nobody resolves the host names that AWS has for it.
    api: `${ministack.endpoint}/restapis/${output('ApiId')}/${output('ApiStage')}/_user_request_`,
    outputs: { ...outputs },
    operatorRoleArn: output('OperatorRoleArn'),
    readerRoleArn: output('ReaderRoleArn'),
    charts: { registry: output('ChartRegistry'), plainHttp: true },
    github: { url: github.url, key: github.key },
    clusters,
    ...(own !== undefined && { own }),
    tools: { helm: tools.helm, kubectl: tools.kubectl },
    folder: options.folder,
    logs,
  };
}

/** On a port it had before when that is free. */
async function startGithub({ options: { cache }, stopper }: StackStart): Promise<PretendGithub> {
  const github = await startPretendGithub({ ports: await rememberedPorts(cache, 'github') });
  await stopper.add('the pretend GitHub', () => github.stop());
  await rememberPort(cache, 'github', Number(new URL(github.url).port));
  return github;
}

/** A stack begins empty: data and logs of the last one go. The keeper's own log is open already. */
async function clearFolder(folder: string): Promise<void> {
  const logs = logsOf(folder);
  await mkdir(logs, { recursive: true });
  const old = (await readdir(logs)).filter((name) => name !== 'keeper.log').map((name) => join(logs, name));
  const data = ['ministack', 'clusters'].map((name) => join(folder, name));
  await Promise.all([...old, ...data].map((path) => rm(path, { recursive: true, force: true })));
}
