/** May this caller do that? Judged by what the API answered to a call that changes nothing, and by what its role is for. */
import type { CallerRole } from './caller-role.ts';
import type { Finding } from './finding.ts';

/** How the API answered a probe. */
export interface ProbeAnswer {
  readonly status: number;
  /** Last part of the problem's type, e.g. `forbidden`. */
  readonly problem?: string;
  /** The refusal in its own words. */
  readonly detail?: string;
  /** Whether Fairlead's own code answered, and not API Gateway or something on the way. */
  readonly ours: boolean;
}

export interface Asked {
  readonly package: string;
  readonly check: 'read' | 'start' | 'abort';
  /** Undefined when it is not known, or is none of the installation's. */
  readonly caller: CallerRole | undefined;
  /** Whether the API's routes admit callers of this kind. */
  readonly admitted: boolean;
}

const DEEDS = { read: 'read it', start: 'start rollouts', abort: 'abort rollouts' } as const;

/** Allowed is whatever got past the rights: 2xx, a body that is not complete (422), a thing that is not there (404). */
export function judgePermission(asked: Asked, answer: ProbeAnswer): Finding {
  const { package: pkg, check, caller, admitted } = asked;
  const line = { area: 'package', of: pkg, check } as const;
  const who = caller?.role ?? 'this caller';
  if (isThrough(answer)) return { ...line, state: 'ok', says: `${who} may ${DEEDS[check]}` };
  if (answer.status === 401 || answer.status === 403) {
    if (caller?.kind !== undefined && !admitted) {
      return { ...line, state: 'skipped', says: `${who} may not ${DEEDS[check]}: its kind of role is not for that` };
    }
    const by = answer.ours ? 'Fairlead refuses it' : 'API Gateway refuses it, before Fairlead is asked';
    return {
      ...line,
      state: 'fail',
      says: `${by}: ${answer.detail ?? `status ${answer.status}`}`,
      fix: fixOf(asked, answer),
    };
  }
  const says = `the API answered ${answer.status}${answer.detail === undefined ? '' : `: ${answer.detail}`}`;
  return {
    ...line,
    state: 'fail',
    says,
    fix: "try again; when it stays, the API's own log says why (docs/runbooks/answer-request.md)",
  };
}

const isThrough = ({ status, ours }: ProbeAnswer) =>
  (status >= 200 && status < 300) || (ours && (status === 404 || status === 409 || status === 422));

function fixOf({ package: pkg, caller }: Asked, { problem, detail, ours }: ProbeAnswer): string {
  if (problem === 'unauthenticated' || /signature|credential|token.*(expired|invalid)/i.test(detail ?? '')) {
    return 'sign with a fresh session of a role of this installation; check region and clock above';
  }
  if (problem === 'token-refused')
    return "send GitHub's token of audience fairlead, as the Action does with self-service: true";
  const source = caller?.source;
  if (caller?.kind === 'source' && !ours) {
    return `add '${pkg}' to packages of source '${source}' in fairlead.yaml and deploy, or use the role of the source that has it`;
  }
  if (caller?.kind === 'source') {
    return `add its repository to the package's entry (its repositories), and '${pkg}' to packages of source '${source}'`;
  }
  if (caller?.kind === 'workflow') return `list the repository at package ${pkg}, or claim it with .fairlead.yaml`;
  return `call as {name}-operator, {name}-reader or {name}-source-{source} of this installation`;
}
