/** What keeps packages from moving, a line each: holds first, then the inputs that are not let in. */
import type { HoldView, QuarantineView } from '../../contracts/api/hold.ts';
import type { Paint } from '../paint.ts';
import { oneLine } from '../plain.ts';

const KIND = { hold: 'held', disabled: 'disabled', 'failed-rollback': 'held' } as const;

/** Holds and quarantines as they stand in one environment, or in several. */
export function holdLines(
  paint: Paint,
  { holds, quarantines }: { readonly holds: readonly HoldView[]; readonly quarantines: readonly QuarantineView[] },
): string[] {
  return [
    ...holds.map((held) => paint('yellow', holdLine(held))),
    ...quarantines.map(({ package: pkg, environment, version, because }) =>
      paint('yellow', `${pkg} ${version ?? 'inputs'} quarantined in ${environment}: ${oneLine(because)}`),
    ),
  ];
}

/** One hold as one line, with what it was put over. */
export function holdLine({ package: pkg, environment, kind, reason, by, over }: HoldView): string {
  const earlier = over === undefined ? '' : ` (before that by ${over.by}: ${oneLine(over.reason)})`;
  return `${pkg} ${KIND[kind]} in ${environment} by ${by}: ${oneLine(reason)}${earlier}`;
}
