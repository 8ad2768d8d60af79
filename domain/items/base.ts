/** What every row of the table has, whatever it remembers. */

export interface Base<T extends string> {
  readonly type: T;
  readonly v: 1;
  readonly rev: number;
}

/** Times are ISO 8601 in UTC. */
export type Time = string;
