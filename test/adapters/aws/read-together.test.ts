import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { type RowKey, readTogether } from '../../../adapters/aws/read-together.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const dynamodb = mockClient(documents);
const key = (n: number): RowKey => ({ pk: `P#${n}`, sk: 'S' });
const row = (n: number) => ({ ...key(n), n });

/** A table that has these rows, and leaves `unread` out of batches. */
function tableWith(rows: readonly number[], unread: readonly number[] = []) {
  const found = rows.map(row);
  const at = (asked: Record<string, unknown> = {}) => found.find(({ pk }) => pk === asked['pk']);
  dynamodb.on(GetCommand).callsFake(({ Key }) => ({ Item: at(Key) }));
  dynamodb.on(BatchGetCommand).callsFake(({ RequestItems }) => {
    const Keys: RowKey[] = RequestItems['table'].Keys;
    const left = Keys.filter(({ pk }) => unread.some((n) => key(n).pk === pk));
    // DynamoDB answers in any order.
    const Responses = {
      table: Keys.filter((asked) => !left.includes(asked)).flatMap((asked) => at({ ...asked }) ?? []),
    };
    Responses.table.reverse();
    return { Responses, ...(left.length > 0 && { UnprocessedKeys: { table: { Keys: left } } }) };
  });
  return readTogether(documents, 'table');
}
const batches = () =>
  dynamodb.commandCalls(BatchGetCommand).map(({ args: [{ input }] }) => input.RequestItems?.['table']);

beforeEach(() => void dynamodb.reset());

test('what is asked for together is read in one call, consistently, and each gets its own', async () => {
  const read = tableWith([1, 2]);
  expect(await Promise.all([read(key(1)), read(key(3)), read(key(2))])).toEqual([row(1), undefined, row(2)]);
  expect(batches()).toEqual([{ Keys: [key(1), key(3), key(2)], ConsistentRead: true }]);
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(0);
});

test('one alone, and one after the other, are read alone, consistently', async () => {
  const read = tableWith([1, 2]);
  expect([await read(key(1)), await read(key(2))]).toEqual([row(1), row(2)]);
  const asked = dynamodb.commandCalls(GetCommand).map(({ args: [{ input }] }) => input);
  expect(asked).toEqual([1, 2].map((n) => ({ TableName: 'table', Key: key(n), ConsistentRead: true })));
  expect(batches()).toEqual([]);
});

test('the same row twice is asked for once', async () => {
  const read = tableWith([1]);
  expect(await Promise.all([read(key(1)), read(key(1))])).toEqual([row(1), row(1)]);
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(1);
});

test('what a batch leaves out is read alone', async () => {
  const read = tableWith([1, 2, 3], [2]);
  expect(await Promise.all([1, 2, 3].map((n) => read(key(n))))).toEqual([1, 2, 3].map(row));
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(1);
});

test('more than a batch takes go as several', async () => {
  const numbers = Array.from({ length: 250 }, (_, n) => n);
  const read = tableWith(numbers);
  expect(await Promise.all(numbers.map((n) => read(key(n))))).toEqual(numbers.map(row));
  expect(batches().map((batch) => batch?.Keys?.length)).toEqual([100, 100, 50]);
});

test('trouble reaches everyone who asked, and nobody who asks later', async () => {
  const read = tableWith([1, 2]);
  dynamodb.on(BatchGetCommand).rejectsOnce(new Error('throttled'));
  const asked = await Promise.allSettled([read(key(1)), read(key(2))]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await read(key(1))).toEqual(row(1));
});
