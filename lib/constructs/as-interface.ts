/**
 * The CDK's classes as the CDK's own interfaces. They are that; under `exactOptionalPropertyTypes` TypeScript finds that an interface's `x?: string` and
 * the class's `x: string | undefined` differ, since the library's declarations are not written for it. Nowhere else is a construct cast.
 */
import type { ITable, ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';

/** An alias, as what can be called. */
export const asFunction = (alias: Alias): IFunction => alias as IFunction;

/** A table, our own or one from elsewhere, as what has a name and a stream. */
export const asTable = (table: TableV2 | ITableV2): ITable => table as ITable;
