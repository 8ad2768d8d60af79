import type { Finding } from '../../domain/doctor/finding.ts';

/** Of more environments than this a person wants to know which are well, not everything that is. */
const IN_FULL = 2;

/**
 * For people: the kinds that a package may make in an environment are one line; of many environments, so is all that is well with the cluster, and all that
 * is well with each package there, and environments of which the same is to be told are told together. What is not well is always told in full. Programs get
 * every line.
 */
export function condense(findings: readonly Finding[]): readonly Finding[] {
  const places = new Set(findings.filter(({ area }) => area === 'environment').map(({ of }) => of));
  const brief = places.size > IN_FULL;
  const lines = findings.flatMap((one): readonly Finding[] => {
    if (one.state !== 'ok' || one.area !== 'environment' || !(brief || isKind(one))) return [one];
    const same = findings.filter((other) => isWellOfSame(one, other) && (brief || isKind(other)));
    if (same[0] !== one) return [];
    return [brief ? inBrief(one, same) : kindsOf(one, same)];
  });
  return brief ? together(lines) : lines;
}

/** Environments with nothing but the same good lines as one, by all their names. */
function together(lines: readonly Finding[]): readonly Finding[] {
  const told = (of: string | undefined) => {
    const own = lines.filter((one) => one.area === 'environment' && one.of === of);
    return own.every(({ state }) => state === 'ok')
      ? own.map(({ check, says }) => `${check} ${says}`).join('\n')
      : `${of}`;
  };
  const alike = Map.groupBy(new Set(lines.filter(({ area }) => area === 'environment').map(({ of }) => of)), told);
  return lines.flatMap((one) => {
    const names = one.area === 'environment' ? alike.get(told(one.of)) : undefined;
    if (names === undefined) return [one];
    return names[0] === one.of ? [{ ...one, of: names.join(', ') }] : [];
  });
}

const isKind = ({ check }: Finding) => check.startsWith('rbac:');
const isWellOfSame = ({ of, package: pkg }: Finding, other: Finding) =>
  other.area === 'environment' && other.state === 'ok' && other.of === of && other.package === pkg;

function kindsOf(one: Finding, together: readonly Finding[]): Finding {
  if (together.length === 1) return one;
  return {
    ...one,
    check: 'rbac',
    says: `may make ${together.map(({ check }) => check.replace('rbac:', '')).join(', ')}`,
  };
}

function inBrief({ package: pkg, ...one }: Finding, together: readonly Finding[]): Finding {
  const checks = together.filter((other) => !isKind(other)).map(({ check }) => check);
  const kinds = together.filter(isKind).map(({ check }) => check.replace('rbac:', ''));
  const says = [...checks, ...(kinds.length > 0 ? [`rights to ${kinds.join(', ')}`] : [])].join(', ');
  return { ...one, check: pkg === undefined ? 'cluster' : `package ${pkg}`, says };
}
