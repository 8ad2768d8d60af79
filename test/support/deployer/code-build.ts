/**
 * CodeBuild, as far as a build can tell: working folders with the unpacked sources, an environment made from nothing, each
 * command by a shell (https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-cmd.html). The only shell there is, and only here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUILDSPEC } from '../../../lib/constructs/build-project.ts';
import { writeBundle } from '../../../lib/constructs/function-code.ts';

export interface CodeBuildProps {
  /** Path of helm, as the kubectl layer has it. */
  readonly helm: string;
  /** The project's variables, and credentials of its role. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningBuild {
  /** Exit code of the first command that failed, 0 when all went well, and everything it logged. */
  readonly ended: Promise<{ readonly code: number | null; readonly log: string }>;
  /** As when the machine under it dies: all of it at once. */
  kill(): void;
}

export interface PretendCodeBuild {
  start(id: string, order: object): RunningBuild;
  stop(): Promise<void>;
}

/** Sources are unpacked once; archives keep no modes that one could rely on. */
export async function pretendCodeBuild({ helm, env }: CodeBuildProps): Promise<PretendCodeBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-codebuild-'));
  const [source, layer] = [join(folder, 'src'), join(folder, 'src-helm')];
  await mkdir(source);
  await mkdir(join(layer, 'helm'), { recursive: true });
  writeBundle('deploy-release', source);
  await copyFile(helm, join(layer, 'helm/helm'));
  const running = new Set<ChildProcess>();

  const run = (command: string, more: Readonly<Record<string, string>>, log: string[]) => {
    const child = spawn('sh', ['-c', command], {
      cwd: source,
      detached: true,
      env: {
        ...env,
        PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
        HOME: folder,
        CODEBUILD_SRC_DIR: source,
        CODEBUILD_SRC_DIR_helm: layer,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.stdout.on('data', (chunk) => log.push(String(chunk)));
    child.stderr.on('data', (chunk) => log.push(String(chunk)));
    const code = new Promise<number | null>((ended, failed) => {
      child.once('error', failed);
      child.once('close', (status) => {
        running.delete(child);
        ended(status);
      });
    });
    return { child, code };
  };

  return {
    start(id, order) {
      const log: string[] = [];
      const more = { CODEBUILD_BUILD_ID: id, FAIRLEAD_ORDER: JSON.stringify(order) };
      let at: ChildProcess | undefined;
      const all = async () => {
        for (const command of BUILDSPEC.phases.build.commands) {
          const { child, code } = run(command, more, log);
          at = child;
          const status = await code;
          if (status !== 0) return { code: status, log: log.join('') };
        }
        return { code: 0, log: log.join('') };
      };
      return { ended: all(), kill: () => killGroup(at) };
    },
    async stop() {
      for (const child of running) killGroup(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGKILL');
}
