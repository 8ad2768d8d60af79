/** What can be told of a chart's .tgz without rendering it. */
import { gunzipSync } from 'node:zlib';

const MAX_UNPACKED = 200 * 1024 * 1024;

/** False only when no template of the chart, nor of an archive packed inside it, can be a hook. */
export function mayHaveHooks(archive: Uint8Array): boolean {
  const text = unpacked(archive);
  return text === undefined || text.includes('helm.sh/hook') || text.includes('.tgz');
}

function unpacked(archive: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(archive, { maxOutputLength: MAX_UNPACKED });
  } catch {
    return undefined; // not an archive we can read: helm will say what is wrong with it
  }
}
