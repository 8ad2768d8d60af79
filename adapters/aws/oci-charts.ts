/** Charts from OCI registries (https://helm.sh/docs/topics/registries/), pulled by digest and checked before use. */
import { createHash } from 'node:crypto';
import { type ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import * as z from 'zod';
import type { NewestChart } from '../../domain/inspection/sights.ts';
import type { Charts, PulledChart, ResolvedChart } from '../../domain/ports.ts';
import { newestChart } from './oci-tags.ts';
import { getFromRegistry, type RegistryAnswer, type RegistryProps } from './registry-session.ts';

export interface OciChartsProps {
  readonly plainHttp: boolean;
  /** ECR of a region; asked for a login when a chart's host is an ECR registry. */
  readonly ecr: (region: string) => ECRClient;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CHART = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const MAX_MANIFEST = 1024 * 1024;
/** helm's own bound for an archive is 100 MiB unpacked; a release must fit 1 MiB anyway. */
const MAX_ARCHIVE = 20 * 1024 * 1024;
const KEPT_ARCHIVES = 4;

const Manifest = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) })),
});

export interface OciCharts extends Charts {
  /** The newest version by its tag. */
  newest(chart: string): Promise<NewestChart>;
}

/** The port `Charts`. Digests are those of the OCI manifest. The last few archives stay in memory, by digest. */
export function ociCharts({ plainHttp, ecr, fetch = globalThis.fetch, timeoutMs = 20_000 }: OciChartsProps): OciCharts {
  const registry: RegistryProps = { plainHttp, fetch, timeoutMs, basicFor: ecrLogin(ecr) };
  const kept = new Map<string, Uint8Array>();
  const manifestOf = (place: ChartAddress, reference: string) =>
    getFromRegistry(registry, {
      host: place.host,
      path: `${place.path}/manifests/${reference}`,
      accept: MANIFEST,
      maxBytes: MAX_MANIFEST,
    });

  const pull = async (chart: string, digest: string): Promise<PulledChart> => {
    const place = addressOf(chart);
    const manifest = await manifestOf(place, digest);
    if (manifest.is !== 'found') return { pulled: false, ...failureOf(manifest, `${chart}@${digest}`) };
    if (sha256(manifest.body) !== digest) return changed(`the manifest at ${chart}@${digest} has another digest`);
    const layer = chartLayer(manifest.body);
    if (layer === undefined) {
      return { pulled: false, code: 'chart-not-found', because: `${chart}@${digest} holds no helm chart` };
    }
    const blob = await getFromRegistry(registry, {
      host: place.host,
      path: `${place.path}/blobs/${layer}`,
      accept: '*/*',
      maxBytes: MAX_ARCHIVE,
    });
    if (blob.is !== 'found') return { pulled: false, ...failureOf(blob, `${chart}@${layer}`) };
    if (sha256(blob.body) !== layer) return changed(`the archive of ${chart}@${digest} is not the one of its manifest`);
    return { pulled: true, archive: blob.body };
  };

  return {
    async resolve(chart, version): Promise<ResolvedChart> {
      const found = await manifestOf(addressOf(chart), tagOf(version));
      if (found.is !== 'found') return { found: false, ...failureOf(found, `${chart}:${version}`) };
      if (chartLayer(found.body) === undefined) {
        return { found: false, code: 'chart-not-found', because: `${chart}:${version} is not a helm chart` };
      }
      return { found: true, digest: sha256(found.body) };
    },

    newest: (chart) => newestChart(registry, addressOf(chart)),

    async pull(chart, digest) {
      const held = kept.get(digest);
      if (held !== undefined) return { pulled: true, archive: held };
      const pulled = await pull(chart, digest);
      if (pulled.pulled) keep(kept, digest, pulled.archive);
      return pulled;
    },
  };
}

interface ChartAddress {
  readonly host: string;
  readonly path: string;
}

function addressOf(chart: string): ChartAddress {
  const match = /^oci:\/\/([^/]+)\/(.+)$/.exec(chart);
  if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not a chart's place: ${chart}`);
  return { host: match[1], path: match[2] };
}

/** `+` may not stand in a tag, so helm writes `_` (https://helm.sh/docs/topics/registries/#oci-feature-deprecation-and-behavior-changes-with-v380). */
export const tagOf = (version: string) => version.replaceAll('+', '_');

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const changed = (because: string): PulledChart => ({ pulled: false, code: 'chart-changed', because });

function chartLayer(body: Uint8Array): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // not JSON, so not a manifest: said by the caller
  }
  const manifest = Manifest.safeParse(json);
  return manifest.data?.layers.find(({ mediaType }) => mediaType === CHART)?.digest;
}

function failureOf(answer: Exclude<RegistryAnswer, { is: 'found' }>, what: string) {
  const { is, because } = answer;
  if (is === 'unreachable') return { code: 'unreachable' as const, because };
  const next = is === 'missing' ? `push the chart, or name a version that is there (${what})` : what;
  return { code: 'chart-not-found' as const, because: `${because}: ${next}` };
}

function keep(kept: Map<string, Uint8Array>, digest: string, archive: Uint8Array): void {
  const oldest = kept.keys().next().value;
  if (kept.size >= KEPT_ARCHIVES && oldest !== undefined) kept.delete(oldest);
  kept.set(digest, archive);
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html: tokens live 12 hours. */
function ecrLogin(ecr: OciChartsProps['ecr']) {
  const held = new Map<string, { readonly token: string; readonly until: number }>();
  return async (host: string): Promise<string | undefined> => {
    const region = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(host)?.[1];
    if (region === undefined) return undefined;
    const known = held.get(host);
    if (known !== undefined && known.until > Date.now()) return known.token;
    const { authorizationData } = await ecr(region).send(new GetAuthorizationTokenCommand({}));
    const token = authorizationData?.[0]?.authorizationToken;
    if (token !== undefined) held.set(host, { token, until: Date.now() + 3_600_000 });
    return token;
  };
}
