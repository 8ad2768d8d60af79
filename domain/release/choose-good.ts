/**
 * Which inputs does a rollback bring back to one environment? Only such as were good there and are not quarantined
 * there: those of the version that was asked for, the newest first, or the last that were good before what stands there.
 */
import type { GoodInputs, QuarantineItem, ReleaseItem } from '../items/release.ts';
import type { RollbackRequest } from '../items/rollout.ts';

export type Choice =
  | { readonly found: true; readonly good: GoodInputs }
  | { readonly found: false; readonly code: 'inputs-gone' | 'quarantined'; readonly because: string };

/** Whether something stands in the environment, or was good there: where the package never was, there is no way back. */
export function hasPast(release: ReleaseItem | undefined): release is ReleaseItem {
  return release !== undefined && (release.state !== 'absent' || (release.good ?? []).length > 0);
}

/** Chooses by what is recorded of the release; `quarantines` are those of the package there. */
export function chooseGood(
  release: ReleaseItem,
  quarantines: readonly QuarantineItem[],
  to: RollbackRequest['to'],
): Choice {
  const good = (release.good ?? []).toReversed();
  const wanted = to === 'last-good' ? before(release, good) : good.filter(({ version }) => version === to.version);
  const barred = new Map(quarantines.map((quarantine) => [quarantine.inputsDigest, quarantine]));
  const found = wanted.find(({ inputsDigest }) => !barred.has(inputsDigest));
  if (found !== undefined) return { found: true, good: found };
  const [first] = wanted;
  return first === undefined
    ? { found: false, code: 'inputs-gone', because: nothingGood(release, good, to) }
    : { found: false, code: 'quarantined', because: quarantined(first, barred.get(first.inputsDigest), release) };
}

/** What stands there now is what one wants to get away from; of a release that failed, nothing healthy stands there. */
function before(release: ReleaseItem, good: readonly GoodInputs[]): readonly GoodInputs[] {
  const standing = standingIn(release);
  return good.filter(({ inputsDigest }) => inputsDigest !== standing);
}

function standingIn({ state, inputsDigest, underway }: ReleaseItem): string | undefined {
  if (state === 'deploying') return underway?.inputsDigest ?? inputsDigest;
  return state === 'deployed' ? inputsDigest : undefined;
}

function nothingGood(
  { package: pkg, environment, version }: ReleaseItem,
  good: readonly GoodInputs[],
  to: RollbackRequest['to'],
): string {
  const versions = [...new Set(good.map((one) => one.version))];
  const known = versions.length === 0 ? 'nothing was good there yet' : `good there: ${versions.join(', ')}`;
  const stands = version === undefined ? '' : `, ${version} stands there`;
  if (to === 'last-good') return `${environment} has no earlier good inputs of ${pkg} (${known}${stands})`;
  return `${pkg} ${to.version} is not among what was good in ${environment} (${known})`;
}

function quarantined(
  good: GoodInputs,
  quarantine: QuarantineItem | undefined,
  { package: pkg, environment }: ReleaseItem,
): string {
  return `${pkg} ${good.version} is quarantined in ${environment} (${quarantine?.because ?? 'no reason kept'}): 'fairlead lift ${pkg} ${environment}' lets it in again`;
}
