/** How IAM's condition operators compare one value of the request with one of the policy. */

export type Match = (seen: string, wanted: string) => boolean;

const same: Match = (seen, wanted) => seen === wanted;
const sameIgnoringCase: Match = (seen, wanted) => seen.toLowerCase() === wanted.toLowerCase();
const numbers =
  (compare: (seen: number, wanted: number) => boolean): Match =>
  (seen, wanted) =>
    seen !== '' && wanted !== '' && compare(Number(seen), Number(wanted));

/** What a negated operator negates stands under its own name: `isNegated` tells. */
const MATCHES: Readonly<Record<string, Match>> = {
  StringEquals: same,
  StringNotEquals: same,
  StringEqualsIgnoreCase: sameIgnoringCase,
  StringNotEqualsIgnoreCase: sameIgnoringCase,
  StringLike: isLike,
  StringNotLike: isLike,
  NumericEquals: numbers((seen, wanted) => seen === wanted),
  NumericNotEquals: numbers((seen, wanted) => seen === wanted),
  NumericLessThan: numbers((seen, wanted) => seen < wanted),
  NumericLessThanEquals: numbers((seen, wanted) => seen <= wanted),
  NumericGreaterThan: numbers((seen, wanted) => seen > wanted),
  NumericGreaterThanEquals: numbers((seen, wanted) => seen >= wanted),
  Bool: sameIgnoringCase,
};

/** The comparison of an operator without `ForAnyValue:` and `IfExists`; undefined for one that is not known here. */
export function matchOf(base: string): Match | undefined {
  return Object.hasOwn(MATCHES, base) ? MATCHES[base] : undefined;
}

/** Whether the operator asks that nothing matches. */
export function isNegated(base: string): boolean {
  return /^(String|Numeric)Not/.test(base);
}

/** `*` stands for any characters, `?` for one, everything else for itself, case and all. Walks once, so that no pattern takes long. */
export function isLike(text: string, pattern: string): boolean {
  let [at, from] = [0, 0];
  let star: { readonly at: number; from: number } | undefined;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = { at, from };
      at++;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (star !== undefined) {
      star.from++;
      [at, from] = [star.at + 1, star.from];
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
