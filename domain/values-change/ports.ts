/** Who changed a parameter last. */

export interface LastChange {
  readonly version: number;
  /** ARN of who made that version, as Parameter Store tells. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The history of parameters, without a look at any value. */
export interface ParameterHistory {
  /** Undefined when there is no such parameter (any more). */
  last(name: string): Promise<LastChange | undefined>;
}

/** Parameter Store does not tell. */
export const UNKNOWN = 'unknown';
