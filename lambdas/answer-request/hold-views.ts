/** What keeps a package from moving, as the API shows it. */
import type { HoldView, QuarantineView } from '../../contracts/api/hold.ts';
import type { HoldItem, QuarantineItem } from '../../domain/items/release.ts';

export function holdView({ type: _type, v: _v, rev: _rev, ...hold }: HoldItem): HoldView {
  return hold;
}

export function quarantineView({ type: _type, v: _v, rev: _rev, rolloutId, ...rest }: QuarantineItem): QuarantineView {
  return { ...rest, rollout: rolloutId };
}
