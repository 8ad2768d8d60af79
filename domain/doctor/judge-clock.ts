/** Do two clocks agree well enough to sign? AWS refuses a signature whose time is more than 5 minutes off (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). */
import type { Finding } from './finding.ts';

const SIGNATURE_SECONDS = 300;
const WORTH_SAYING_SECONDS = 30;

/** @param server the `Date` header of an answer, which has whole seconds. */
export function judgeClock(server: string | undefined, here: Date): Finding {
  const line = { area: 'caller', check: 'clock' } as const;
  const there = Date.parse(server ?? '');
  if (Number.isNaN(there)) return { ...line, state: 'skipped', says: 'nobody there said what time it is' };
  const seconds = Math.round((here.getTime() - there) / 1000);
  const says =
    Math.abs(seconds) <= 1
      ? 'this clock and theirs agree'
      : `this clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} theirs`;
  if (Math.abs(seconds) <= WORTH_SAYING_SECONDS) return { ...line, state: 'ok', says };
  const fix = 'set this clock by the network: sudo timedatectl set-ntp true';
  if (Math.abs(seconds) <= SIGNATURE_SECONDS) return { ...line, state: 'warn', says, fix };
  return { ...line, state: 'fail', says: `${says}, and AWS refuses signatures that are more than 5 minutes off`, fix };
}
