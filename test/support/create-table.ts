import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

let tables = 0;

const hashAndRange = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** A table as lib/constructs/fairlead-table.ts makes it, as far as reading and writing can tell. */
export async function createTable(client: DynamoDBClient): Promise<string> {
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
