import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, type ITable, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from './allow.ts';
import { asTable } from './as-interface.ts';

export interface FairleadTableProps {
  /** Goes with the stack. */
  readonly disposable: boolean;
  /** A table that was restored from a backup takes the place of our own, which is kept. */
  readonly restoredTable?: { readonly name: string; readonly streamArn: string } | undefined;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** Everything Fairlead remembers, in one table; its two indexes serve lists, never decisions. Each grant names what the port `Table` needs. */
export class FairleadTable extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, id: string, { disposable, restoredTable }: FairleadTableProps) {
    super(scope, id);
    this.table = restoredTable === undefined ? this.#own(disposable) : this.#restored(restoredTable);
  }

  #own(disposable: boolean): ITable {
    const table = new TableV2(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !disposable,
      removalPolicy: disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
        { indexName: 'byPackage', partitionKey: text('byPackage'), sortKey: text('at') },
        { indexName: 'open', partitionKey: text('open'), sortKey: text('at') },
      ],
    });
    return asTable(table);
  }

  #restored({ name, streamArn }: { readonly name: string; readonly streamArn: string }): ITable {
    const indexes = ['byPackage', 'open'];
    const attributes = { tableName: name, tableStreamArn: streamArn, globalIndexes: indexes };
    return asTable(TableV2.fromTableAttributes(this, 'Restored', attributes));
  }

  /** Consistent reads of items and ranges. */
  grantRead(role: Role): void {
    this.#grant(role, 'BatchGetItem', 'GetItem', 'Query');
  }

  /**
   * Reads, and transactions of puts and checks: a transaction needs the rights of its parts
   * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html).
   */
  grantReadWrite(role: Role): void {
    this.#grant(role, 'BatchGetItem', 'GetItem', 'Query', 'PutItem', 'ConditionCheckItem');
  }

  /** For those who take items away again: places in the queue, waits, entries of the registry. */
  grantDelete(role: Role): void {
    this.#grant(role, 'DeleteItem');
  }

  /** Lists by one of the indexes. */
  grantList(role: Role, index: 'byPackage' | 'open'): void {
    allow(role, { actions: ['dynamodb:Query'], resources: [`${this.table.tableArn}/index/${index}`] });
  }

  #grant(role: Role, ...actions: readonly string[]): void {
    allow(role, { actions: actions.map((action) => `dynamodb:${action}`), resources: [this.table.tableArn] });
  }
}
