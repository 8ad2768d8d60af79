/** What the references in operators' layers refer to: only those that are not overridden. */

import { pathText } from '../../../domain/values/effective.ts';
import type { Secrets } from '../../../domain/values/ports.ts';
import { type ReferencesAsked, referencesIn } from '../../../domain/values/secrets/references-in.ts';
import { type Trouble, trouble } from './trouble.ts';

/** By the reference's text. */
export type References = { readonly ok: true; readonly texts: ReadonlyMap<string, string> } | Trouble;

/** Each is asked for once. */
export async function readReferences(asked: ReferencesAsked, secrets: Secrets): Promise<References> {
  const found = referencesIn(asked);
  if (!found.ok) return trouble('values-broken', found.because);
  const texts = new Map<string, string>();
  for (const { text, reference, parameter, version, path, line } of found.references) {
    if (texts.has(text)) continue;
    const answer = await secrets.referred(reference);
    const at = line === undefined ? '' : `, line ${line}`;
    if (!answer.ok)
      return trouble(answer.code, `${parameter} version ${version}${at}: ${pathText(path)}: ${answer.because}`);
    texts.set(text, answer.text);
  }
  return { ok: true, texts };
}
