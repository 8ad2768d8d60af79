/** A file of `docs/` that is made from code; `npm run generate` writes it and a test fails when it is stale. */
export interface Generated {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly content: string;
}
