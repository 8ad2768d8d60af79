/** In which minutes is a package swept? Spread over the time between two sweeps, so that not all are read at once. */

/** Whether it is this package's turn in this minute; each has one in `everyMinutes`. */
export function isSweepTurn(pkg: string, everyMinutes: number, now: Date): boolean {
  let share = 0;
  for (const letter of pkg) share = (share * 31 + letter.charCodeAt(0)) % 1_000_003;
  return Math.floor(now.getTime() / 60_000) % everyMinutes === share % everyMinutes;
}
