import type { GateView } from '../../contracts/api/approval.ts';
import type { RolloutView } from '../../contracts/api/rollout.ts';
import { type Call, type Command, DESTINATION_FLAGS, PROOF_FLAG } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { nameAt, reasonOf, requiredReason, rolloutAt } from '../flags.ts';
import { plain } from '../plain.ts';
import type { Ports } from '../ports.ts';

const EXIT_ERROR = 2;

export const approve: Command = {
  name: 'approve',
  summary: 'Say yes to a stage at its gate, as whoever signs',
  usage: 'PACKAGE ROLLOUT|latest [STAGE] [--reason TEXT]',
  flags: { reason: { type: 'string', value: 'TEXT', says: 'why, for people' }, ...PROOF_FLAG, ...DESTINATION_FLAGS },
  examples: [
    'fairlead approve webui latest',
    'fairlead approve webui latest prod --as approver-sre',
    'fairlead approve webui latest prod --github-token',
  ],
  takes: [2, 3],
  run: (call, ports) => say(call, ports, 'approve', reasonOf(call.flags)),
};

export const refuse: Command = {
  name: 'refuse',
  summary: 'Say no to a stage at its gate, which ends the rollout',
  usage: 'PACKAGE ROLLOUT|latest [STAGE] --reason TEXT',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why; everybody sees it' },
    ...PROOF_FLAG,
    ...DESTINATION_FLAGS,
  },
  examples: ["fairlead refuse webui latest --reason 'errors in staging'"],
  takes: [2, 3],
  // Before anything is asked: a refusal without a reason is none.
  run: async (call, ports) => await say(call, ports, 'refuse', requiredReason(call.flags)),
};

async function say(call: Call, ports: Ports, decision: 'approve' | 'refuse', reason: string | undefined) {
  const [pkg, asked] = [nameAt(call, 0, 'package'), rolloutAt(call, 1)];
  const named = call.positionals.length > 2 ? nameAt(call, 2, 'stage') : undefined;
  const api = await connect(call, ports);
  // What is approved is what was looked at: this rollout, and this plan of it.
  const seen = await api.rollout(pkg, asked);
  const stage = named ?? onlyGate(seen);
  const { planDigest } = seen;
  const found = await api.approval(pkg, seen.id, stage, {
    decision,
    ...(reason !== undefined && { reason }),
    ...(planDigest !== undefined && { planDigest }),
  });
  answer(call, ports, found, () => [
    `${pkg} ${seen.version} ${seen.id}: stage ${stage} ${decision === 'approve' ? 'approved' : 'refused'} as ${plain(found.approval.identity)}`,
    decision === 'approve' ? gateLine(found.gate) : 'the rollout ends when what is under way has ended',
  ]);
  return 0;
}

/** The one stage that is waited for, or the only one that anybody could be asked about. */
function onlyGate({ id, stages, waiting }: RolloutView): string {
  if (waiting?.on === 'gate' && waiting.stage !== undefined) return waiting.stage;
  const closed = stages.filter(({ size, gate }) => size > 0 && gate !== undefined && gate.state !== 'passed');
  const [only, ...more] = closed;
  if (only === undefined) throw new Failed(`rollout ${id} has no stage left with a gate: nobody is asked`, EXIT_ERROR);
  if (more.length === 0) return only.name;
  throw new WrongInvocation(`several stages have gates: name one of ${closed.map(({ name }) => name).join(', ')}`);
}

const gateLine = ({ state, because }: GateView) =>
  state === 'open' ? `its gate is open: ${plain(because)}` : `its gate waits on: ${plain(because)}`;
