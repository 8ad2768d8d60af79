import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given } from '../flags.ts';
import { LAYER_FLAGS, LAYER_USAGE, openLayer, SECRET_FLAG } from '../values/open-layer.ts';
import { missing } from './values-get.ts';
import { latestOf } from './values-put.ts';

/** Of secrets nothing is kept but digests. */
const SECRET_PLANS = 'plans made before are blocked where they need it, retries and rollbacks too: start a new rollout';

export const valuesDelete: Command = {
  name: 'values delete',
  summary: 'Delete a layer of values with all its versions',
  usage: `PACKAGE ${LAYER_USAGE} [--secret] [--yes]`,
  flags: { yes: { type: 'boolean', says: 'do not ask' }, ...SECRET_FLAG, ...LAYER_FLAGS },
  examples: ['fairlead values delete webui --environment old --yes'],
  takes: [1, 1],

  async run(call, ports) {
    const layer = await openLayer(call, ports);
    const { name, secret, store } = layer;
    const { version } = await latestOf(layer);
    if (version === 0) throw missing(layer);
    if (!given(call.flags, 'yes')) {
      const said = await ports.ask(`Delete ${name} with all its ${version} versions? Its history goes with it. [y/N] `);
      if (said === undefined) throw new WrongInvocation(`nobody can be asked here: give --yes to delete ${name}`);
      if (!said) {
        answer(call, ports, { name, deleted: false }, () => ['nothing was deleted']);
        return 1;
      }
    }
    const removed = await store.remove(name);
    if (removed === 'absent') throw missing(layer);
    answer(call, ports, { name, deleted: true, version }, () => [
      `${name} is deleted; what runs stays as it is, and ${secret ? SECRET_PLANS : 'plans made before keep their copies'}`,
    ]);
    return 0;
  },
};
