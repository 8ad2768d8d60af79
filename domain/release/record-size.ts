/**
 * Does what helm would remember of a release fit? helm keeps each revision in one Secret: the chart, its values, and everything
 * rendered, packed. Kubernetes takes no Secret with more than 1 MiB of data
 * (https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size).
 */
import type { JsonMap } from '../json.ts';

export const MOST_RECORD_BYTES = 1024 * 1024;
const WARN_PERCENT = 70;
const FILES_NAMED = 5;

/** What the record is made of. */
export interface ToRecord {
  readonly archive: Uint8Array;
  /** Read from that archive. */
  readonly chart: { readonly values: JsonMap };
  /** What helm is given beside the chart's own values. */
  readonly values: JsonMap;
  /** Everything rendered, hooks included. */
  readonly manifest: string;
}

export interface RecordSize {
  /** As the Secret would hold it. */
  readonly bytes: number;
  /** What it is made of, in bytes before packing: files of the chart, everything rendered, the values. */
  readonly parts: ReadonlyMap<string, number>;
}

export type RecordJudgement =
  | { readonly is: 'fine'; readonly percent: number }
  /** `too-large`: outcome `release-too-large`, for helm would fail when everything is applied already. */
  | { readonly is: 'large' | 'too-large'; readonly percent: number; readonly because: string };

export function judgeRecordSize({ bytes, parts }: RecordSize): RecordJudgement {
  const percent = Math.floor((bytes / MOST_RECORD_BYTES) * 100);
  if (percent < WARN_PERCENT) return { is: 'fine', percent };
  const biggest = [...parts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, FILES_NAMED);
  const names = biggest.map(([name, size]) => `${name} (${kilobytes(size)})`).join(', ');
  const size = `helm's record of the release would have ${kilobytes(bytes)}, ${percent} % of the 1 MiB that a Secret holds`;
  const because = `${size}. Biggest before packing: ${names}. Leave out of the chart what it does not need (.helmignore)`;
  return { is: percent >= 100 ? 'too-large' : 'large', percent, because };
}

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
