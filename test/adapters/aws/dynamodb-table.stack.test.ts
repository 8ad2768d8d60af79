import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { dynamodbTable } from '../../../adapters/aws/dynamodb-table.ts';
import { localClient } from '../../../local/aws/local-clients.ts';
import type { MiniStack } from '../../../local/aws/ministack.ts';
import { createTable } from '../../support/create-table.ts';
import { testMiniStack } from '../../support/ministack.ts';
import { tableContract } from '../table.contract.ts';

let ministack: MiniStack;
let client: DynamoDBClient;
beforeAll(async () => {
  ministack = await testMiniStack();
  client = new DynamoDBClient(localClient(ministack.endpoint));
});
afterAll(() => ministack?.stop());

tableContract('DynamoDB', async () => dynamodbTable({ client, tableName: await createTable(client) }));
