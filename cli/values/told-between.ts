/** Words for two people who edit at once. */
import type { VersionSeen } from '../../contracts/layer-store.ts';
import { lineDiff } from '../../domain/line-diff.ts';
import { oneLine } from '../plain.ts';
import type { OpenLayer } from './open-layer.ts';
import { textOf } from './stored-text.ts';

/** `version 4 of fairlead-operator/ann, 2026-11-20T10:00:00.000Z`. */
export function versionWords({ version, by, at }: VersionSeen): string {
  return `version ${version}${by === undefined ? '' : ` of ${whoOf(by)}`}${at === undefined ? '' : `, ${at}`}`;
}

/** The role and session of an ARN, or the user. */
export function whoOf(arn: string): string {
  return oneLine(arn.replace(/^arn:[^:]*:(?:iam|sts)::\d*:(?:assumed-role\/)?/, ''));
}

/** What changed from one version to another, as a unified diff; empty when nothing did. */
export async function versionDiff(layer: OpenLayer, from: number, to: number): Promise<readonly string[]> {
  const [before, after] = await Promise.all([from, to].map((version) => textAt(layer, version)));
  return lineDiff(before ?? '', after ?? '', { before: `${layer.name}:${from}`, after: `${layer.name}:${to}` });
}

/** The text of one version; undefined when there is none (any more). */
export async function textAt(layer: OpenLayer, version: number): Promise<string | undefined> {
  const found = version === 0 ? undefined : await layer.store.get(layer.name, version);
  return found === undefined ? undefined : (await textOf(layer, layer.name, found)).text;
}

/** What was overwritten, what it had changed, and how to have it back. */
export async function betweenLines(layer: OpenLayer, base: number, between: readonly VersionSeen[]): Promise<string[]> {
  const last = between.at(-1);
  if (last === undefined) return [];
  const diff = layer.secret ? [] : await versionDiff(layer, base, last.version);
  return [
    `${between.map(versionWords).join('; ')} came between reading and writing, and ${layer.name} is now without it:`,
    ...diff,
    `nothing is lost: 'fairlead values restore ${layer.words} --version ${last.version}' puts it back`,
  ];
}
