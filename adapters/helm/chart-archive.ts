/** What can be told of a chart's .tgz without rendering it. */
import { gunzipSync } from 'node:zlib';

const MAX_UNPACKED = 200 * 1024 * 1024;

/** False only when no template of the chart, nor of an archive packed inside it, can be a hook. */
export function mayHaveHooks(archive: Uint8Array): boolean {
  const text = unpacked(archive);
  return text === undefined || text.includes('helm.sh/hook') || text.includes('.tgz');
}

/**
 * False only when what the chart renders to cannot depend on the cluster: it does not look anything up, asks for none of its
 * capabilities or versions, does not count revisions, and nothing packed inside it or given as a value could.
 */
export function mayAskCluster(archive: Uint8Array, values: Readonly<Record<string, unknown>>): boolean {
  const text = unpacked(archive);
  if (text === undefined) return true;
  const words = ['lookup', 'Capabilities', 'kubeVersion', 'Revision', '.tgz'];
  // `tpl` renders values, too.
  return words.some((word) => text.includes(word)) || JSON.stringify(values).includes('{{');
}

/** False only when nothing of the chart, of archives packed inside it, or of its values can look anything up in the cluster. */
export function mayLookUp(archive: Uint8Array, values: Readonly<Record<string, unknown>>): boolean {
  const text = unpacked(archive);
  const words = ['lookup', '.tgz'];
  return text === undefined || words.some((word) => text.includes(word)) || JSON.stringify(values).includes('lookup');
}

/** False only when neither the chart nor an archive packed inside it can bring definitions of kinds. */
export function mayHaveCrds(archive: Uint8Array): boolean {
  const text = unpacked(archive);
  return text === undefined || text.includes('CustomResourceDefinition') || text.includes('.tgz');
}

function unpacked(archive: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(archive, { maxOutputLength: MAX_UNPACKED });
  } catch {
    return undefined; // not an archive we can read: helm will say what is wrong with it
  }
}
