import { Construct } from 'constructs';
import { PLAN_DAYS } from '../../domain/plans/new-plan.ts';
import { DigestKey } from '../constructs/digest-key.ts';
import { FairleadTable } from '../constructs/fairlead-table.ts';
import { KeptBucket } from '../constructs/kept-bucket.ts';
import { SelfServiceSettings } from '../constructs/self-service-settings.ts';
import { SourceSettings } from '../constructs/source-settings.ts';
import type { Installation } from '../installation.ts';

/** Years, since a rollback may go back that far. */
const YEARS = 3 * 365;
const EVIDENCE_DAYS = 365;

/** All that outlives a call: the table, four buckets, the key of digests, and the settings of sources and of self-service. */
export class Storage extends Construct {
  readonly table: FairleadTable;
  readonly plans: KeptBucket;
  readonly evidence: KeptBucket;
  /** For charts that come as archives; charts of `oci://` registries are not here. */
  readonly charts: KeptBucket;
  /** Layers of values that are too long for Parameter Store. */
  readonly values: KeptBucket;
  readonly digestKey: DigestKey;
  readonly sourceSettings: SourceSettings;
  readonly selfServiceSettings: SelfServiceSettings;

  constructor(scope: Construct, id: string, installation: Installation) {
    super(scope, id);
    const { config } = installation;
    this.table = new FairleadTable(this, 'Rollouts', config);
    this.plans = new KeptBucket(this, 'Plans', { installation, keepDays: YEARS, shorter: { 'plans/': PLAN_DAYS } });
    this.evidence = new KeptBucket(this, 'Evidence', { installation, keepDays: EVIDENCE_DAYS });
    this.charts = new KeptBucket(this, 'Charts', { installation });
    this.values = new KeptBucket(this, 'Values', { installation });
    this.digestKey = new DigestKey(this, 'DigestKey', config);
    this.sourceSettings = new SourceSettings(this, 'Sources', config);
    this.selfServiceSettings = new SelfServiceSettings(this, 'SelfService', config);
  }
}
