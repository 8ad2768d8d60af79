import { AREAS, type Finding } from './finding.ts';

/** By area and by what it is about, in the order found; what was said of an environment for several packages is said once. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const once = findings.filter((one, i) => findings.findIndex((other) => saysTheSame(one, other)) === i);
  const about = [...new Set(once.map(aboutOf))];
  const place = (one: Finding) => AREAS.indexOf(one.area) * findings.length + about.indexOf(aboutOf(one));
  return once.toSorted((a, b) => place(a) - place(b));
}

const aboutOf = ({ area, of }: Finding) => `${area} ${of ?? ''}`;

/** Two looks at one cluster may differ in a duration, and mean the same. */
function saysTheSame(one: Finding, other: Finding): boolean {
  if (one === other) return true;
  const { area, of, check, package: pkg, state } = one;
  const sameLine = other.area === area && other.of === of && other.check === check && other.package === pkg;
  return area === 'environment' && sameLine && other.state === state;
}
