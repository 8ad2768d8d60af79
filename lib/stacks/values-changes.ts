import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { PARAMETER_CHANGE } from '../../contracts/parameter-change.ts';
import { Env as NoteEnv } from '../../lambdas/note-change/env.ts';
import { Env as RollOutEnv } from '../../lambdas/roll-out-values/env.ts';
import { FairleadFunction } from '../constructs/fairlead-function.ts';
import { Occasion } from '../constructs/occasion.ts';
import { allowSeeingChangers, namesOfLayers } from '../constructs/parameter-history.ts';
import { allowSeeingSealed } from '../constructs/secret-parameters.ts';
import { allowPullingValues } from '../constructs/value-parameters.ts';
import type { PartProps } from './part.ts';

/** What makes a rollout, or a plan, of a layer that somebody changed in Parameter Store. */
export class ValuesChanges extends Construct {
  constructor(scope: Construct, id: string, props: PartProps) {
    super(scope, id);
    this.#note(props);
    this.#rollOut(props);
  }

  #note({ installation, alarms, storage: { table } }: PartProps): void {
    const { config } = installation;
    const impact = 'Changed values are noticed only by the sweep, up to an hour late.';
    const note = new FairleadFunction(this, 'NoteChange', {
      folder: 'note-change',
      env: NoteEnv,
      environment: { TABLE_NAME: table.table.tableName, VALUES_PREFIX: config.values.prefix },
      alarms,
      impact,
    });
    table.grantReadWrite(note.role);
    allowSeeingChangers(note.role, config);
    const { source, detailType, operations } = PARAMETER_CHANGE;
    new Occasion(this, 'Changed', {
      installation,
      when: {
        source: [source],
        detailType: [detailType],
        detail: { name: namesOfLayers(config), operation: [...operations] },
      },
      description: 'Notes which layers of values were changed, and by whom',
      calls: note,
      alarms,
      runbook: 'note-change-dead-letters',
      impact,
    });
  }

  #rollOut({ installation, alarms, storage: { table, digestKey } }: PartProps): void {
    const { config } = installation;
    const impact = 'Changed values are neither rolled out nor announced.';
    const rollOut = new FairleadFunction(this, 'RollOutValues', {
      folder: 'roll-out-values',
      env: RollOutEnv,
      environment: {
        TABLE_NAME: table.table.tableName,
        ACCOUNT: config.account,
        DIGEST_KEY_ARN: digestKey.secret.secretArn,
        VALUES_PREFIX: config.values.prefix,
        LABEL_ORDER: config.values.labelOrder.join(','),
        PROMOTION_ORDER: config.promotionOrder === undefined ? '' : JSON.stringify(config.promotionOrder),
        QUIET_SECONDS: String(config.values.quietSeconds),
        MOST_SECONDS: String(config.values.mostSeconds),
        SWEEP_MINUTES: String(config.values.sweepMinutes),
      },
      alarms,
      impact,
      // A sweep of hundreds of environments, ten layers a call.
      timeout: Duration.minutes(5),
    });
    table.grantReadWrite(rollOut.role);
    digestKey.grantRead(rollOut.role);
    allowPullingValues(rollOut.role, config);
    allowSeeingSealed(rollOut.role, config);
    allowSeeingChangers(rollOut.role, config);
    new Occasion(this, 'EveryMinute', {
      installation,
      when: Duration.minutes(1),
      description: 'Rolls out or announces changed values that have been quiet for a while',
      calls: rollOut,
      alarms,
      runbook: 'roll-out-values-dead-letters',
      impact,
    });
  }
}
