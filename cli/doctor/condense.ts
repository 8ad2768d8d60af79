import type { Finding } from '../../domain/doctor/finding.ts';

/** For people: the kinds that a package may make in an environment are one line. Programs get them one by one. */
export function condense(findings: readonly Finding[]): readonly Finding[] {
  return findings.flatMap((one, i): readonly Finding[] => {
    if (!isAllowedKind(one)) return [one];
    const together = findings.filter((other) => isAllowedKind(other) && isOfSame(one, other));
    if (together[0] !== one) return [];
    const kinds = together.map(({ check }) => check.replace('rbac:', ''));
    return kinds.length === 1
      ? [findings[i] ?? one]
      : [{ ...one, check: 'rbac', says: `may make ${kinds.join(', ')}` }];
  });
}

const isAllowedKind = ({ check, state }: Finding) => check.startsWith('rbac:') && state === 'ok';
const isOfSame = (one: Finding, other: Finding) =>
  one.area === other.area && one.of === other.of && one.package === other.package;
