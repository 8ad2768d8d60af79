/**
 * May a package's layers refer to this secret? To the package's own layers and secrets, and to what its registry entry names;
 * secrets of environments are for templates, which see those of one tenant only. Decided here before AWS is asked, which decides again by the session's own policy.
 */

import { layerNamed } from '../layers/layer-names.ts';
import type { SecretScope } from '../ports.ts';
import { environmentSecretNamed } from './environment-secret.ts';
import type { Reference } from './reference.ts';

export type MayRefer = { readonly may: true } | { readonly may: false; readonly because: string };

/** @param prefix `values.prefix` of `fairlead.yaml` */
export function mayRefer(prefix: string, scope: SecretScope, reference: Reference): MayRefer {
  const text = referenceText(reference);
  const owner = reference.to === 'ssm' ? layerNamed(reference.name) : undefined;
  const isLayer = owner?.prefix === prefix;
  if (isLayer && owner.package === scope.package) return { may: true };
  const isOfEnvironment = reference.to === 'ssm' && environmentSecretNamed(prefix, reference.name) !== undefined;
  // However wide a pattern is: layers belong to their packages, and secrets of environments are for templates.
  const mayBeShared = !isLayer && !isOfEnvironment;
  if (mayBeShared && scope.allowed.some((pattern) => covers(pattern, text))) return { may: true };
  if (owner !== undefined) {
    return { may: false, because: `${text} belongs to package ${owner.package}, and ${scope.package} may not read it` };
  }
  const next = `add '${text}' to its references with 'fairlead package put'`;
  return { may: false, because: `${text} is not what package ${scope.package} may read: ${next}` };
}

/** May the package have this very layer or environment's secret decrypted? */
export function mayDecrypt(prefix: string, scope: SecretScope, name: string): MayRefer {
  if (environmentSecretNamed(prefix, name) !== undefined) return { may: true };
  const layer = layerNamed(name);
  if (layer?.secret === true && layer.package === scope.package && layer.prefix === prefix) return { may: true };
  const whose = layer === undefined ? 'is no layer of secrets' : `belongs to package ${layer.package}`;
  return { may: false, because: `parameter ${name} ${whose}, and ${scope.package} may not read it` };
}

/** As it is written, without version or key: `ssm:/shared/smtp`. */
export function referenceText(reference: Reference): string {
  return reference.to === 'ssm' ? `ssm:${reference.name}` : `secretsmanager:${reference.arn}`;
}

/** A `*` at the end stands for anything. A secret's ARN ends in a hyphen and six letters of AWS's choice, which either of them may leave out. */
export function covers(pattern: string, text: string): boolean {
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  if (text === pattern) return true;
  return pattern.startsWith('secretsmanager:') && (withoutSuffix(text) === pattern || withoutSuffix(pattern) === text);
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen */
const withoutSuffix = (text: string) => text.replace(/-[A-Za-z0-9]{6}$/, '');
