/** Items that are asked for at the same moment are read in one call. */
import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

type Row = Record<string, unknown>;

/** Where a row stands. */
export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

interface Asked {
  readonly key: RowKey;
  readonly answer: PromiseWithResolvers<Row | undefined>;
}

/** BatchGetItem takes no more. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MOST_KEYS = 100;
const RowKeys = z.array(z.object({ pk: z.string(), sk: z.string() }));

/**
 * Consistent reads of single rows; undefined for a row that is not there. Decisions read half a dozen items side by side, each of which would be a request
 * of its own: what is asked for in the same turn of the event loop goes as one BatchGetItem, one alone as GetItem. Capacity is the same.
 */
export function readTogether(documents: DynamoDBDocumentClient, TableName: string) {
  let asked = new Map<string, Asked>();

  const readOne = async (key: RowKey): Promise<Row | undefined> => {
    const { pk, sk } = key;
    const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));
    return Item;
  };

  const readMany = async (many: readonly Asked[]): Promise<void> => {
    const Keys = many.map(({ key: { pk, sk } }) => ({ pk, sk }));
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    const found = new Map((Responses?.[TableName] ?? []).map((row) => [placeOf(row), row]));
    // What DynamoDB left out, for size or throughput, is read alone, where the SDK waits and tries again.
    const left = new Set(RowKeys.parse(UnprocessedKeys?.[TableName]?.Keys ?? []).map(placeOf));
    for (const { key, answer } of many) {
      const place = placeOf(key);
      if (left.has(place)) readOne(key).then(answer.resolve, answer.reject);
      else answer.resolve(found.get(place));
    }
  };

  const flush = () => {
    const all = [...asked.values()];
    asked = new Map();
    for (let from = 0; from < all.length; from += MOST_KEYS) {
      const some = all.slice(from, from + MOST_KEYS);
      const [one] = some;
      if (some.length === 1 && one !== undefined) readOne(one.key).then(one.answer.resolve, one.answer.reject);
      else readMany(some).catch((error: unknown) => some.forEach(({ answer }) => void answer.reject(error)));
    }
  };

  return (key: RowKey): Promise<Row | undefined> => {
    if (asked.size === 0) queueMicrotask(flush);
    const place = placeOf(key);
    // The same key twice in a call is refused.
    const before = asked.get(place);
    if (before !== undefined) return before.answer.promise;
    const answer = Promise.withResolvers<Row | undefined>();
    asked.set(place, { key, answer });
    return answer.promise;
  };
}

const placeOf = ({ pk, sk }: Row | RowKey) => JSON.stringify([pk, sk]);
