/**
 * The table's rows in zod: what comes back is parsed before anything rests on it. Read tolerantly (unknown
 * fields are dropped, so that an older function can read a newer item), written as `domain/items.ts` says.
 */
import * as z from 'zod';
import { DEFER_REASONS } from '../domain/items/deployment.ts';
import { EVENT_KINDS } from '../domain/items/history.ts';
import { EXECUTORS, PROFILES, QUEUE_MODES, VALUES_ROLLOUTS } from '../domain/items/registry.ts';
import { PLAN_STATES } from '../domain/items/values.ts';
import { WAIT_REASONS } from '../domain/items/waiting.ts';
import type { Items, ItemType } from '../domain/items.ts';
import { OUTCOME_CODES } from '../domain/outcome.ts';
import { DEPLOYMENT_STATES, ROLLOUT_STATES } from '../domain/states.ts';
import { VerifiedClaims } from './verified-claims.ts';

const text = z.string();
const count = z.int().min(0);
const labels = z.record(z.string(), z.string());
/** A newer version's item is read as far as it is known here: what it must have decides, not its number. */
const version = z
  .int()
  .min(1)
  .transform(() => 1 as const);
const base = <T extends ItemType>(type: T) => ({ type: z.literal(type), v: version, rev: z.int().min(1) });

const gate = z.object({
  approvals: count,
  approvers: z.object({ roles: z.array(text), githubEnvironments: z.array(text) }).exactOptional(),
  authorMayApprove: z.boolean(),
  hours: z.number(),
  statuses: z.array(text),
});
const stage = z.object({
  name: text,
  targets: z.array(labels),
  soakMinutes: z.number(),
  maxParallel: z.int(),
  failureBudget: z.union([z.int(), z.templateLiteral([z.number(), '%'])]),
  gate: gate.exactOptional(),
  spreadMinutes: z.number().exactOptional(),
  unreachable: z.object({ policy: z.enum(['wait', 'skip', 'fail']), minutes: z.number() }).exactOptional(),
});
const culprit = z.object({ kind: text, name: text, namespace: text.exactOptional(), because: text });
const outcome = z.object({ code: z.enum(OUTCOME_CODES), because: text, objects: z.array(culprit).exactOptional() });
const cluster = z.object({
  name: text,
  account: text,
  region: text,
  endpoint: text.exactOptional(),
  ca: text.exactOptional(),
});
const claimed = z.object({
  repository: text.exactOptional(),
  ref: text.exactOptional(),
  sha: text.exactOptional(),
  runId: text.exactOptional(),
  actor: text.exactOptional(),
});
const principal = z.object({
  role: text,
  session: text,
  account: text,
  claims: VerifiedClaims.exactOptional(),
  breakGlass: text.exactOptional(),
});
const plan = z.object({
  key: text,
  digest: text,
  chartDigest: text,
  stages: z.array(stage.extend({ size: count, failureBudget: z.int() })),
  at: text,
});
const layer = z.object({ name: text, version: z.int(), digest: text, copy: text });
const secretLayer = z.object({ name: text, version: z.int(), digest: text, after: count });
const inputs = z.object({
  chart: text,
  version: text,
  chartDigest: text,
  layers: z.array(layer),
  secretLayers: z.array(secretLayer).exactOptional(),
  facts: z.object({ digest: text, copy: text }).exactOptional(),
  digest: text,
  valuesOf: text.exactOptional(),
});
const rollback = z.object({
  to: z.union([z.literal('last-good'), z.object({ version: text })]),
  reason: text,
  by: text,
});
const changed = z.array(z.object({ name: text, version: z.int().exactOptional(), by: text, at: text }));
const valuesChange = z.object({ changed, environments: z.array(text) });
const freezeWindow = z.discriminatedUnion('is', [
  z.object({ is: z.literal('once'), from: text, to: text }),
  z.object({ is: z.literal('recurring'), rule: text, start: text, timeZone: text, duration: text }),
  z.object({ is: z.literal('until-lifted') }),
]);

export const ITEMS = {
  registry: z.object({ ...base('registry'), edition: count }),
  package: z.object({
    ...base('package'),
    name: text,
    chart: text,
    release: text,
    namespace: text,
    repositories: z.array(text),
    stages: z.array(stage).exactOptional(),
    timeoutMinutes: z.number(),
    forceConflicts: z.boolean(),
    team: text.exactOptional(),
    profile: z.enum(PROFILES).exactOptional(),
    queue: z.enum(QUEUE_MODES).exactOptional(),
    executor: z.enum(EXECUTORS).exactOptional(),
    shortHooks: z.boolean().exactOptional(),
    valuesRollout: z.enum(VALUES_ROLLOUTS).exactOptional(),
    references: z.array(text).exactOptional(),
    claimedBy: z.object({ repository: text, repositoryId: text, ref: text, sha: text }).exactOptional(),
    updatedAt: text,
    updatedBy: text,
  }),
  environment: z.object({
    ...base('environment'),
    name: text,
    cluster,
    labels,
    kind: text.exactOptional(),
    tenant: text.exactOptional(),
    namespaceSuffix: text.exactOptional(),
    deployer: text,
    queue: z.enum(QUEUE_MODES).exactOptional(),
    updatedAt: text,
    updatedBy: text,
  }),
  counter: z.object({ ...base('counter'), last: count }),
  open: z.object({
    ...base('open'),
    rolloutId: text,
    package: text,
    sequence: count,
    environments: z.array(text).exactOptional(),
    supersedable: z.array(text).exactOptional(),
    rollback: z.literal(true).exactOptional(),
  }),
  assignment: z.object({
    ...base('assignment'),
    package: text,
    target: labels,
    rolloutId: text,
    sequence: count,
    version: text,
    inputsDigest: text,
    at: text,
  }),
  rollout: z.object({
    ...base('rollout'),
    id: text,
    package: text,
    version: text,
    description: text.exactOptional(),
    sequence: count,
    run: z.int().min(1),
    state: z.enum(ROLLOUT_STATES),
    outcome: outcome.exactOptional(),
    warning: text.exactOptional(),
    principal,
    claimed,
    createdAt: text,
    finishedAt: text.exactOptional(),
    placedAt: text.exactOptional(),
    rollback: rollback.exactOptional(),
    valuesChange: valuesChange.exactOptional(),
    planned: z.object({ id: text, digest: text }).exactOptional(),
    retries: count.exactOptional(),
    override: z.object({ role: text, by: text, reason: text, at: text }).exactOptional(),
    supersededBy: text.exactOptional(),
    stages: z
      .record(z.string(), z.object({ gateSince: text.exactOptional(), begunAt: text.exactOptional() }))
      .exactOptional(),
    unsettled: z.literal(true).exactOptional(),
    abort: z.object({ by: text, reason: text, at: text }).exactOptional(),
    plan: plan.exactOptional(),
  }),
  run: z.object({ ...base('run'), rolloutId: text, package: text, run: z.int().min(1), at: text, because: text }),
  request: z.object({
    ...base('request'),
    rolloutId: text,
    version: text,
    stages: z.array(stage),
    guards: z.array(z.array(stage)).exactOptional(),
    values: z.record(z.string(), z.unknown()),
  }),
  deployment: z.object({
    ...base('deployment'),
    rolloutId: text,
    package: text,
    environment: text,
    stage: text,
    sequence: count,
    state: z.enum(DEPLOYMENT_STATES),
    place: z.object({ cluster, namespace: text, release: text }),
    deployer: text,
    labels: labels.exactOptional(),
    queue: z.enum(QUEUE_MODES).exactOptional(),
    executor: z.enum(EXECUTORS).exactOptional(),
    shortHooks: z.boolean().exactOptional(),
    actAs: text.exactOptional(),
    inputs,
    timeoutMinutes: z.number(),
    forceConflicts: z.boolean(),
    attempt: count,
    begun: count,
    lost: count,
    deferred: z.object({ on: z.enum(DEFER_REASONS), until: text, because: text }).exactOptional(),
    unreachableSince: text.exactOptional(),
    touched: z.literal(true).exactOptional(),
    lookedAt: text.exactOptional(),
    startedAt: text.exactOptional(),
    deadline: text.exactOptional(),
    observeUntil: text.exactOptional(),
    revision: z.int().exactOptional(),
    effectiveDigest: text.exactOptional(),
    finishedAt: text.exactOptional(),
    outcome: outcome.exactOptional(),
    evidence: text.exactOptional(),
  }),
  build: z.object({
    ...base('build'),
    rolloutId: text,
    environment: text,
    attempt: count,
    turn: z.int().min(1),
    buildId: text.exactOptional(),
    at: text,
    answer: z.record(z.string(), z.unknown()).exactOptional(),
    givenUp: text.exactOptional(),
  }),
  approval: z.object({
    ...base('approval'),
    rolloutId: text,
    stage: text,
    identity: text,
    role: text,
    breakGlass: text.exactOptional(),
    decision: z.enum(['approve', 'refuse']),
    reason: text.exactOptional(),
    by: text,
    planDigest: text,
    at: text,
    until: text,
  }),
  status: z.object({
    ...base('status'),
    rolloutId: text,
    name: text,
    state: z.enum(['pending', 'success', 'failure']),
    description: text.exactOptional(),
    url: text.exactOptional(),
    by: text,
    planDigest: text,
    at: text,
  }),
  freeze: z.object({
    ...base('freeze'),
    name: text,
    window: freezeWindow,
    target: labels,
    packages: z.array(text).exactOptional(),
    reason: text,
    overridableBy: z.array(text),
    by: text,
    at: text,
  }),
  waiter: z.object({ ...base('waiter'), rolloutId: text }),
  wait: z.object({
    ...base('wait'),
    rolloutId: text,
    package: text,
    run: z.int(),
    round: z.int(),
    token: text,
    rolloutRev: z.int(),
    on: z.enum(WAIT_REASONS),
    since: text,
    until: text,
    who: text,
    because: text,
    stage: text.exactOptional(),
    behind: text.exactOptional(),
  }),
  events: z.object({ ...base('events'), last: count }),
  news: z.object({
    ...base('news'),
    rolloutId: text,
    order: count,
    at: text,
    kind: z.enum(EVENT_KINDS),
    text,
    stage: text,
    environment: text,
    state: text.exactOptional(),
    by: text,
  }),
  failures: z.object({ ...base('failures'), rolloutId: text, stage: text, count }),
  event: z.object({
    ...base('event'),
    rolloutId: text,
    number: z.int().min(1),
    at: text,
    kind: z.enum(EVENT_KINDS),
    text,
    stage: text.exactOptional(),
    environment: text.exactOptional(),
    state: text.exactOptional(),
    by: text,
  }),
  release: z.object({
    ...base('release'),
    package: text,
    environment: text,
    highestSequence: count,
    rolloutId: text.exactOptional(),
    version: text.exactOptional(),
    chartDigest: text.exactOptional(),
    inputsDigest: text.exactOptional(),
    effectiveDigest: text.exactOptional(),
    goodRevision: z.int().exactOptional(),
    liveRevision: z.int().exactOptional(),
    good: z
      .array(
        z.object({
          rolloutId: text,
          version: text,
          chartDigest: text,
          inputsDigest: text,
          revision: z.int(),
          at: text,
        }),
      )
      .exactOptional(),
    attempted: text.exactOptional(),
    tried: z.object({ rolloutId: text, version: text, inputsDigest: text }).exactOptional(),
    underway: z.object({ rolloutId: text, version: text, inputsDigest: text }).exactOptional(),
    lastSeconds: z.number().exactOptional(),
    state: z.enum(['deployed', 'deploying', 'failed', 'absent']),
    because: text,
    at: text,
  }),
  hold: z.object({
    ...base('hold'),
    package: text,
    environment: text,
    reason: text,
    by: text,
    at: text,
    kind: z.enum(['hold', 'disabled', 'failed-rollback']),
    rolloutId: text.exactOptional(),
    over: z.object({ reason: text, by: text, at: text }).exactOptional(),
  }),
  quarantine: z.object({
    ...base('quarantine'),
    package: text,
    environment: text,
    inputsDigest: text,
    version: text.exactOptional(),
    rolloutId: text,
    because: text,
    at: text,
  }),
  lease: z.object({
    ...base('lease'),
    cluster: text,
    namespace: text,
    release: text,
    fence: count,
    holder: z.object({ rolloutId: text, environment: text, attempt: z.int(), deadline: text }).exactOptional(),
    operation: z
      .object({
        requestId: text,
        kind: z.enum(['apply', 'roll-back', 're-apply', 'uninstall', 'repair']),
        expectedRevision: z.int(),
        fence: count.exactOptional(),
        call: count.exactOptional(),
        hardEnd: text,
        overAt: text.exactOptional(),
      })
      .exactOptional(),
  }),
  idempotency: z.object({ ...base('idempotency'), bodyHash: text, rolloutId: text, expiresAt: z.int() }),
  token: z.object({ ...base('token'), jti: text, usedFor: text, expiresAt: z.int() }),
  environmentValue: z.object({
    ...base('environmentValue'),
    environment: text,
    key: text,
    value: z.unknown().optional(),
    secret: z.object({ parameter: text, version: z.int() }).exactOptional(),
    updatedAt: text,
    updatedBy: text,
  }),
  chartReads: z.object({
    ...base('chartReads'),
    package: text,
    version: text,
    chartDigest: text,
    reads: z.array(z.object({ key: text, paths: z.array(z.array(z.string())) })),
    expiresAt: z.int(),
  }),
  change: z.object({
    ...base('change'),
    package: text,
    changed,
    done: changed.exactOptional(),
    after: text.exactOptional(),
    since: text,
    last: text,
    state: z.enum(['gathering', 'announced', 'started', 'ended']),
    planId: text.exactOptional(),
    rolloutId: text.exactOptional(),
    because: text,
  }),
  plan: z.object({
    ...base('plan'),
    id: text,
    package: text,
    version: text,
    state: z.enum(PLAN_STATES),
    code: z.enum(OUTCOME_CODES).exactOptional(),
    because: text,
    stages: z.array(stage),
    values: z.record(z.string(), z.unknown()),
    valuesChange: valuesChange.exactOptional(),
    principal,
    at: text,
    finishedAt: text.exactOptional(),
    digest: text.exactOptional(),
    environments: count.exactOptional(),
    changed: count.exactOptional(),
    expiresAt: z.int(),
  }),
  audit: z.object({
    ...base('audit'),
    at: text,
    requestId: text,
    operation: text,
    package: text.exactOptional(),
    environment: text.exactOptional(),
    rollout: text.exactOptional(),
    freeze: text.exactOptional(),
    value: z.object({ key: text, secret: z.boolean() }).exactOptional(),
    principal,
    reason: text.exactOptional(),
    sourceIp: text,
    expiresAt: z.int(),
  }),
} satisfies { [T in ItemType]: z.ZodType<Items[T]> };

/** Parses what the table holds as an item of `type`; an item that does not fit is a bug and throws. */
export function parseItem<T extends ItemType>(type: T, raw: unknown): Items[T] {
  const schema: z.ZodType<Items[T]> = schemaOf(type);
  return schema.parse(raw);
}

function schemaOf<T extends ItemType>(type: T): z.ZodType<Items[T]> {
  // The mapped type above proves that each schema gives the item of its own key; TypeScript cannot follow that through T.
  return ITEMS[type] as unknown as z.ZodType<Items[T]>;
}
