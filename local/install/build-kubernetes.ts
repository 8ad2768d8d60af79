import { link, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findGo } from './find-go.ts';
import { mustRun } from './run-tool.ts';
import { cachedTool, type ToolContext } from './tool-context.ts';
import { VERSIONS } from './versions.ts';

const SOURCES = join(import.meta.dirname, 'kubernetes');
const AUTHENTICATOR = 'sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator';
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'etcd'] as const;
const LIST_TIMEOUT_MS = 10 * 60_000;
const BUILD_TIMEOUT_MS = 40 * 60_000;

/** What Kubernetes' own build stamps in (hack/lib/version.sh); without it the API server says v0.0.0, and charts with a `kubeVersion` refuse it. */
const STAMPS = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((pkg) => {
  const [major, minor] = VERSIONS.kubernetes.split('.');
  return [`-X ${pkg}.gitVersion=v${VERSIONS.kubernetes}`, `-X ${pkg}.gitMajor=${major}`, `-X ${pkg}.gitMinor=${minor}`];
});
const BUILD_FLAGS = ['-trimpath', '-gcflags=all=-dwarf=false', `-ldflags=-s -w ${STAMPS.join(' ')}`];

export interface KubernetesPrograms {
  /** Folder with kube-apiserver, kube-controller-manager and etcd. */
  readonly kubernetes: string;
  /** Path of aws-iam-authenticator. */
  readonly authenticator: string;
}

/**
 * The real control plane and the real authenticator of EKS, built from their sources as `kubernetes/go.sum` pins them. 4 to 6 minutes on two cores the first time.
 * @throws MachineLacks, or with the compiler's words
 */
export async function buildKubernetes(context: ToolContext): Promise<KubernetesPrograms> {
  const sources = await Promise.all(
    ['main.go', 'go.mod', 'go.sum'].map((file) => readFile(join(SOURCES, file), 'utf8')),
  );
  const folder = await cachedTool(context, {
    name: 'kubernetes',
    version: VERSIONS.kubernetes,
    title: `Kubernetes ${VERSIONS.kubernetes} and aws-iam-authenticator ${VERSIONS.authenticator}, from source`,
    recipe: [...sources, ...BUILD_FLAGS],
    build: async (temporary, _home, update) => {
      await compile(await findGo(context), temporary, context.env, update);
      await Promise.all(PROGRAMS.map((name) => link(join(temporary, 'kubernetes'), join(temporary, name))));
      await rm(join(temporary, 'kubernetes'));
    },
  });
  return { kubernetes: folder, authenticator: join(folder, 'aws-iam-authenticator') };
}

async function compile(
  go: string,
  output: string,
  env: ToolContext['env'],
  update: (text: string) => void,
): Promise<void> {
  const goEnv = { ...env, CGO_ENABLED: '0', GOWORK: 'off' };
  const base = { command: go, cwd: SOURCES, env: goEnv };
  let modules = 0;
  update('downloading modules');
  const listed = await mustRun({
    ...base,
    args: ['list', '-deps', '.', AUTHENTICATOR],
    timeoutMs: LIST_TIMEOUT_MS,
    onLine: (line) => {
      if (line.startsWith('go: downloading')) modules += 1;
      update(`${modules} modules downloaded`);
    },
  });
  const packages = listed.trim().split('\n').length;
  let compiled = 0;
  update(`${packages} packages to compile`);
  await mustRun({
    ...base,
    args: ['build', '-v', ...BUILD_FLAGS, '-o', `${output}/`, '.', AUTHENTICATOR],
    timeoutMs: BUILD_TIMEOUT_MS,
    onLine: () => {
      compiled += 1;
      update(`${Math.min(compiled, packages)} of ${packages} packages compiled`);
    },
  });
}
