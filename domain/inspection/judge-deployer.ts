/** The deployer itself: does it answer, does its clock agree with ours, does its helm start? */
import { type Check, fail, ok, warn } from './check.ts';

const WARN_SECONDS = 30;
/** AWS refuses signatures that are further off (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html). */
const MOST_SECONDS = 300;

/** `asked` and `answered` are the API's times around the call. */
export function judgeClock(at: Date, { asked, answered }: { readonly asked: Date; readonly answered: Date }): Check {
  const early = asked.getTime() - at.getTime();
  const late = at.getTime() - answered.getTime();
  const off = Math.round(Math.max(0, early, late) / 1000);
  if (off <= WARN_SECONDS) return ok('clock', "the deployer's clock agrees with the API's");
  const says = `the deployer's clock is ${off} seconds ${early > late ? 'behind' : 'ahead of'} the API's`;
  const fix = 'both run on AWS, which keeps their time: look at the local stack, or report it to AWS';
  return off < MOST_SECONDS ? warn('clock', says, fix) : fail('clock', says, fix);
}

export function judgeHelm(
  seen: { readonly ok: true; readonly version: string } | { readonly ok: false; readonly because: string },
): Check {
  if (seen.ok) return ok('helm', `helm ${seen.version} starts`);
  return fail(
    'helm',
    `helm does not start (${seen.because})`,
    'deploy Fairlead again: the kubectl layer of its deployer is missing or broken',
  );
}

export function deployerAnswers(name: string): Check {
  return ok('deployer', `deployer ${name} answers`);
}

export function deployerSilent(name: string, because: string): Check {
  return fail(
    'deployer',
    `deployer ${name} does not answer (${because})`,
    'look at its log and its alarm: docs/runbooks/deploy-release.md',
  );
}

export function deployerUnknown(name: string, known: readonly string[]): Check {
  const fix = `register the environment with one of ${known.join(', ')}, or add ${name} to deployers of fairlead.yaml and deploy`;
  return fail('deployer', `this installation has no deployer ${name}`, fix);
}
