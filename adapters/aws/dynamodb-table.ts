/** The table in DynamoDB: consistent reads, whole items, transactions whose failed expectations come back as facts. */
import { type AttributeValue, type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ITEMS } from '../../contracts/items.ts';
import type { Item, Items, ItemType } from '../../domain/items.ts';
import type { Key, Range } from '../../domain/keys.ts';
import type { Committed, Conflict, Expectation, Page, QueryOptions, Table, Write } from '../../domain/table.ts';
import { readTogether } from './read-together.ts';
import { fromRow, toRow } from './stored-item.ts';

export interface DynamodbTableProps {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

type Row = Record<string, unknown>;

/** The port `Table` on one DynamoDB table; see design section 6 for its keys and indexes. */
export function dynamodbTable({ client, tableName }: DynamodbTableProps): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const read = readTogether(documents, tableName);

  const pages = async (input: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>, limit = Infinity) => {
    const rows: Row[] = [];
    let from: Row | undefined;
    do {
      const Limit = Number.isFinite(limit) ? { Limit: limit - rows.length } : {};
      const answer = await documents.send(
        new QueryCommand({ TableName: tableName, ...input, ...Limit, ...(from && { ExclusiveStartKey: from }) }),
      );
      rows.push(...(answer.Items ?? []));
      from = answer.LastEvaluatedKey;
    } while (from !== undefined && rows.length < limit);
    return rows;
  };

  const list = async (index: 'byPackage' | 'open', hash: string, sort: string, options: ListOptions) => {
    const { limit, after, newestFirst } = options;
    const rows = await pages(
      {
        IndexName: index,
        KeyConditionExpression: after === undefined ? '#h = :h' : `#h = :h AND #s ${newestFirst ? '<' : '>'} :a`,
        ExpressionAttributeNames: { '#h': index, ...(after !== undefined && { '#s': sort }) },
        ExpressionAttributeValues: { ':h': hash, ...(after !== undefined && { ':a': after }) },
        ScanIndexForward: !newestFirst,
      },
      limit + 1,
    );
    const items = rows.slice(0, limit).map((row) => fromRow('rollout', row));
    const last = items.at(-1);
    const page: Page<'rollout'> = rows.length > limit ? { items, next: last?.id } : { items };
    return page;
  };

  return {
    async get<T extends ItemType>(key: Key<T>) {
      const row = await read(key);
      return row === undefined ? undefined : fromRow(key.type, row);
    },

    async query<T extends ItemType>(range: Range<T>, options: QueryOptions = {}) {
      const rows = await pages({ ...rangeOf(range, options), ConsistentRead: true }, options.limit);
      return rows.map((row) => fromRow(range.type, row));
    },

    rolloutsOf: (pkg, options) => list('byPackage', pkg, 'at', { ...options, newestFirst: true }),
    openRollouts: (options) => list('open', 'OPEN', 'at', { ...options, newestFirst: false }),

    async transact(writes): Promise<Committed> {
      try {
        await documents.send(
          new TransactWriteCommand({ TransactItems: writes.map((write) => toAws(tableName, write)) }),
        );
        return { committed: true };
      } catch (error) {
        if (error instanceof TransactionCanceledException)
          return { committed: false, conflicts: conflictsOf(error, writes) };
        throw error;
      }
    },
  };
}

interface ListOptions {
  readonly limit: number;
  readonly after?: string;
  readonly newestFirst: boolean;
}

function rangeOf(range: Range, options: { readonly after?: string; readonly descending?: boolean }) {
  const { after, descending = false } = options;
  // A sort key condition takes one operator: from `after` on, the prefix's own bounds do what begins_with would.
  const [low, high] = [range.prefix, `${range.prefix}\uffff`];
  const bounds = after === undefined ? [low, high] : descending ? [low, before(after)] : [`${after}\u0000`, high];
  const whole = range.prefix === '' && after === undefined;
  return {
    KeyConditionExpression: whole ? 'pk = :pk' : 'pk = :pk AND sk BETWEEN :low AND :high',
    ExpressionAttributeValues: whole
      ? { ':pk': range.pk }
      : { ':pk': range.pk, ':low': bounds[0] || '\u0000', ':high': bounds[1] },
    ScanIndexForward: !descending,
  };
}

/** The greatest text that is certainly smaller, for sort keys of fixed width digits or names. */
function before(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return `${text.slice(0, -1)}${String.fromCharCode(last - 1)}\uffff`;
}

function toAws(TableName: string, write: Write) {
  const Key = { pk: write.key.pk, sk: write.key.sk };
  const guard = { TableName, ...conditionOf(write.expect) };
  if (write.do === 'delete') return { Delete: { Key, ...guard } };
  if (write.do === 'check') {
    return {
      ConditionCheck: { Key, ConditionExpression: 'attribute_exists(pk) OR attribute_not_exists(pk)', ...guard },
    };
  }
  return { Put: { Item: { ...Key, ...toRow(write.item) }, ...guard } };
}

function conditionOf(expect: Expectation) {
  if (expect === 'any') return {};
  const old = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  if (expect === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)', ...old };
  return { ConditionExpression: 'rev = :rev', ExpressionAttributeValues: { ':rev': expect.rev }, ...old };
}

/**
 * Which writes met something else. Contention (`TransactionConflict`) and throttling count as meeting something
 * unknown, so that the caller looks again; anything else (a too large item, a wrong key) is a bug and is thrown.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
function conflictsOf(error: TransactionCanceledException, writes: readonly Write[]): Conflict[] {
  const AGAIN = ['ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
  const conflicts: Conflict[] = [];
  for (const [i, reason] of (error.CancellationReasons ?? []).entries()) {
    const write = writes[i];
    if (write === undefined || reason.Code === undefined || reason.Code === 'None') continue;
    if (!AGAIN.includes(reason.Code)) throw error;
    conflicts.push({ key: write.key, found: foundIn(reason.Item) });
  }
  if (conflicts.length === 0) throw error;
  return conflicts;
}

/** The document client leaves the reasons' items in DynamoDB's own shape. */
function foundIn(old: Record<string, AttributeValue> | undefined): Item | undefined {
  if (old === undefined) return undefined;
  const row = unmarshall(old);
  return isItemType(row['type']) ? fromRow(row['type'], row) : undefined;
}

const isItemType = (type: unknown): type is keyof Items => typeof type === 'string' && type in ITEMS;
