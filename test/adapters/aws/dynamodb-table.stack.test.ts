import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { dynamodbTable } from '../../../adapters/aws/dynamodb-table.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { testMiniStack } from '../../support/ministack.ts';
import { tableContract } from '../table.contract.ts';

let ministack: MiniStack;
let client: DynamoDBClient;
let tables = 0;
beforeAll(async () => {
  ministack = await testMiniStack();
  client = new DynamoDBClient(localClient(ministack.endpoint));
});
afterAll(() => ministack?.stop());

const hashAndRange = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** As lib/constructs/fairlead-table.ts makes it, as far as reading and writing can tell. */
async function createTable(): Promise<string> {
  const tableName = `table-${++tables}`;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'byPackage', 'open', 'at'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: hashAndRange('pk', 'sk'),
      GlobalSecondaryIndexes: ['byPackage', 'open'].map((hash) => ({
        IndexName: hash,
        KeySchema: hashAndRange(hash, 'at'),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
  return tableName;
}

tableContract('DynamoDB', async () => dynamodbTable({ client, tableName: await createTable() }));
