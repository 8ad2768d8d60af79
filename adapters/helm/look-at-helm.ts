/** The port `HelmSight` on the real program: its version, and the kinds that a chart renders. No cluster is asked. */
import type { HelmSight } from '../../domain/inspection/sights.ts';
import type { Clock } from '../../domain/ports.ts';
import { readHelmError } from './read-helm-error.ts';
import { readManifest } from './read-manifest.ts';
import { type HelmCommand, HelmNotStarted, runHelm } from './run-helm.ts';

export interface LookAtHelmProps {
  /** Path of the helm binary. */
  readonly helm: string;
  /** Where private folders are made. */
  readonly temporary: string;
  readonly now: Clock;
}

const VERSION_MS = 5_000;
const RENDER_MS = 8_000;
/** What runHelm takes off its hard end. */
const MARGIN_MS = 60_000;
const MAX_RENDERED = 16 * 1024 * 1024;

/** helm as its deployer has it. */
export function lookAtHelm({ helm, temporary, now }: LookAtHelmProps): HelmSight {
  const run = (milliseconds: number, files: HelmCommand['files'], args: HelmCommand['args']) => {
    const end = new Date(now().getTime() + milliseconds + MARGIN_MS);
    return runHelm({ ...{ helm, temporary, files, args, now }, hardEnd: () => end, maxStdout: MAX_RENDERED });
  };

  return {
    async version() {
      try {
        const { code, stdout, stderr } = await run(VERSION_MS, {}, () => ['version', '--template', '{{.Version}}']);
        if (code === 0) return { ok: true, version: stdout.trim() };
        return { ok: false, because: stderr.trim().slice(-300) || `it ended with ${code}` };
      } catch (error) {
        if (error instanceof HelmNotStarted) return { ok: false, because: error.message };
        throw error;
      }
    },

    async kinds(archive, { namespace, release }) {
      const { code, cutOff, stdout, stderr } = await run(RENDER_MS, { 'chart.tgz': archive }, (path) => [
        ...['template', release, path('chart.tgz'), '--namespace', namespace],
        // helm installs these, too, when they are missing (https://helm.sh/docs/chart_best_practices/custom_resource_definitions/).
        '--include-crds',
      ]);
      if (cutOff) return { ok: false, because: `it took longer than ${RENDER_MS / 1000} s` };
      if (code !== 0) return { ok: false, because: readHelmError(stderr).because };
      const objects = readManifest(stdout, namespace);
      const distinct = new Map(
        objects.map(({ apiVersion, kind, namespace }) => {
          const found = { apiVersion, kind, namespace };
          return [Object.values(found).join(' '), found];
        }),
      );
      return { ok: true, kinds: [...distinct.values()] };
    },
  };
}
