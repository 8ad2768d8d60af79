/** What DynamoDB says when a transaction is cancelled, as far as a local stack does not say it. */
import { type CancellationReason, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { dynamodbTable } from '../../../adapters/aws/dynamodb-table.ts';
import { keys } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import { aHold } from '../../support/items.ts';

const COUNTER = keys.counter('webui');
const HOLD = keys.hold('dev', 'webui');
const writes = [create(COUNTER, { type: 'counter', v: 1, last: 0 }), create(HOLD, aHold())];

function cancelled(...CancellationReasons: CancellationReason[]) {
  const error = new TransactionCanceledException({ message: 'cancelled', CancellationReasons, $metadata: {} });
  mockClient(DynamoDBDocumentClient).on(TransactWriteCommand).rejects(error);
  return dynamodbTable({ client: new DynamoDBClient({}), tableName: 'fairlead' }).transact(writes);
}

test('a failed condition is told with what stands there', async () => {
  const Item = marshall({ pk: HOLD.pk, sk: HOLD.sk, ...aHold() });
  expect(await cancelled({ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item })).toEqual({
    committed: false,
    conflicts: [{ key: HOLD, found: aHold() }],
  });
});

test.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
  '%s is met by looking again',
  async (Code) => {
    expect(await cancelled({ Code }, { Code: 'None' })).toEqual({ committed: false, conflicts: [{ key: COUNTER }] });
  },
);

test.each<[string, CancellationReason[]]>([
  ['a write that is wrong in itself', [{ Code: 'None' }, { Code: 'ValidationError', Message: 'too large' }]],
  ['one that is wrong beside one that was late', [{ Code: 'ConditionalCheckFailed' }, { Code: 'ValidationError' }]],
  ['a cancellation without a reason', []],
])('%s is a bug and throws', async (_, reasons) => {
  await expect(cancelled(...reasons)).rejects.toBeInstanceOf(TransactionCanceledException);
});
