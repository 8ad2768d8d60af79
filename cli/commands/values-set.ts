import type { Path } from '../../domain/values/effective.ts';
import type { KeyChange } from '../../domain/values/layers/key-change.ts';
import type { Call, Command } from '../command.ts';
import { answer } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given } from '../flags.ts';
import type { Ports } from '../ports.ts';
import { changeKeys } from '../values/change-keys.ts';
import { LAYER_FLAGS, LAYER_USAGE, openLayer } from '../values/open-layer.ts';
import { tellSaved } from './values-put.ts';

const MOST_KEYS = 50;

const FLAGS = {
  advanced: { type: 'boolean', says: 'up to 8 KB as an advanced parameter, which AWS charges for' },
  ...LAYER_FLAGS,
} as const;

export const valuesSet: Command = {
  name: 'values set',
  summary: 'Set single keys of a layer; comments and everything else stay as they are',
  usage: `PACKAGE KEY=VALUE… ${LAYER_USAGE}`,
  flags: { string: { type: 'boolean', says: 'values are texts, whatever they look like' }, ...FLAGS },
  examples: [
    'fairlead values set webui replicas=3 image.tag=1.4.2 --environment prod-eu',
    "fairlead values set webui 'hosts=[a.example, b.example]'",
    "fairlead values set webui 'annotations.example\\.org/team=web' --string",
  ],
  takes: [2, MOST_KEYS + 1],

  async run(call, ports) {
    const changes = call.positionals.slice(1).map((said) => assignment(ports, said, given(call.flags, 'string')));
    return await changed(call, ports, changes);
  },
};

export const valuesUnset: Command = {
  name: 'values unset',
  summary: 'Take single keys out of a layer; comments and everything else stay as they are',
  usage: `PACKAGE KEY… ${LAYER_USAGE}`,
  flags: FLAGS,
  examples: ['fairlead values unset webui image.tag --label ring=canary'],
  takes: [2, MOST_KEYS + 1],

  async run(call, ports) {
    const changes = call.positionals.slice(1).map((key): KeyChange => ({ path: pathOf(key), unset: true }));
    return await changed(call, ports, changes);
  },
};

async function changed(call: Call, ports: Ports, changes: readonly KeyChange[]): Promise<number> {
  const layer = await openLayer(call, ports);
  const done = await changeKeys(ports, layer, changes, given(call.flags, 'advanced'));
  if (done === undefined) {
    answer(call, ports, { name: layer.name, unchanged: true }, () => [
      `${layer.name} says that already: nothing was written`,
    ]);
    return 0;
  }
  tellSaved(call, ports, layer, done.saved, done);
  return 0;
}

function assignment({ layerTexts }: Pick<Ports, 'layerTexts'>, said: string, isText: boolean): KeyChange {
  const [, key, value] = /^((?:[^=\\]|\\.)+)=(.*)$/s.exec(said) ?? [];
  if (key === undefined || value === undefined) {
    throw new WrongInvocation(`'${said.slice(0, 80)}' is no KEY=VALUE: write replicas=3 or 'image.tag=1.4.2'`);
  }
  const read = isText ? { value } : layerTexts.value(value);
  if (read === undefined) throw new WrongInvocation(`what ${key} is set to is not YAML: give --string for a text`);
  return { path: pathOf(key), set: read.value };
}

/** `a.b\.c` is key `b.c` of `a`. @throws WrongInvocation */
export function pathOf(key: string): Path {
  const path = (key.match(/(?:[^.\\]|\\.)+|(?<=\.)(?=\.|$)|^(?=\.)/gs) ?? []).map((part) =>
    part.replaceAll(/\\(.)/gs, '$1'),
  );
  if (path.length > 0 && path.every((part) => part !== '')) return path;
  throw new WrongInvocation(`'${key.slice(0, 80)}' is no key: write image.tag; a dot inside a key is written \\.`);
}
