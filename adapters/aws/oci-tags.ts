/** Which versions of a chart does its registry have? https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
import * as z from 'zod';
import type { NewestChart } from '../../domain/inspection/sights.ts';
import { newestVersion } from '../../domain/registry/newest-version.ts';
import { getFromRegistry, type RegistryProps } from './registry-session.ts';

const Tags = z.object({ tags: z.array(z.string()).nullish() });
const MAX_BYTES = 1024 * 1024;

/** Of the first thousand tags. Where `_` stands in a tag, `+` stood in the version (https://helm.sh/docs/topics/registries/). */
export async function newestChart(
  registry: RegistryProps,
  { host, path }: { readonly host: string; readonly path: string },
): Promise<NewestChart> {
  const answer = await getFromRegistry(registry, {
    host,
    path: `${path}/tags/list?n=1000`,
    accept: 'application/json',
    maxBytes: MAX_BYTES,
  });
  if (answer.is === 'unreachable') return { found: false, code: 'unreachable', because: answer.because };
  if (answer.is !== 'found') return { found: false, code: 'chart-not-found', because: answer.because };
  const version = newestVersion(tagsIn(answer.body).map((tag) => tag.replaceAll('_', '+')));
  if (version !== undefined) return { found: true, version };
  return { found: false, code: 'chart-not-found', because: `${host}/${path} has no version` };
}

function tagsIn(body: Uint8Array): readonly string[] {
  try {
    return Tags.safeParse(JSON.parse(new TextDecoder().decode(body))).data?.tags ?? [];
  } catch {
    return []; // not JSON: said by the caller as what it is, a registry without versions
  }
}
