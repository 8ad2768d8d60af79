/**
 * What people may call things. One pattern for packages, environments, stages and labels keeps every
 * name safe in paths, keys, ARNs and Kubernetes objects (DNS-1123 label, shortened to 40 characters).
 */
export const NAME_PATTERN = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** True when `text` may name a package, environment, stage or label. */
export function isName(text: string): boolean {
  return NAME_PATTERN.test(text);
}
