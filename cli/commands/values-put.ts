import { whyUnread } from '../../domain/values/layers/who-reads.ts';
import type { Call, Command } from '../command.ts';
import { answer } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { given, required, text } from '../flags.ts';
import type { Ports } from '../ports.ts';
import { layerFile } from '../values/checked-text.ts';
import { checkLayer, LAYER_FLAGS, LAYER_USAGE, type OpenLayer, openLayer, SECRET_FLAG } from '../values/open-layer.ts';
import { type Saved, saveLayer } from '../values/save-layer.ts';
import { savedLines } from '../values/saved-lines.ts';
import { textOf } from '../values/stored-text.ts';
import { betweenLines, versionDiff } from '../values/told-between.ts';

export const valuesPut: Command = {
  name: 'values put',
  summary: 'Write a layer of values: to Parameter Store, or beyond 4 KB to the values bucket',
  usage: `PACKAGE ${LAYER_USAGE} [--secret] -f FILE [--if-version N]`,
  flags: {
    file: { type: 'string', short: 'f', value: 'FILE', says: 'the layer as YAML; - is stdin' },
    'if-version': {
      type: 'string',
      value: 'N',
      says: 'only if N is still the latest version; 0: only if there is none',
    },
    advanced: { type: 'boolean', says: 'up to 8 KB as an advanced parameter, which AWS charges for' },
    'key-id': {
      type: 'string',
      value: 'KEY',
      says: "with --secret: the KMS key; default: the account's own for parameters",
    },
    ...SECRET_FLAG,
    ...LAYER_FLAGS,
  },
  examples: [
    'fairlead values put webui -f values.yaml',
    'fairlead values put webui --environment prod-eu -f prod-eu.yaml --if-version 3',
    'fairlead values put webui --label ring=prod --secret -f secrets.yaml --key-id alias/webui',
  ],
  takes: [1, 1],

  async run(call, ports) {
    checkLayer(call);
    const keyId = text(call.flags, 'key-id');
    if (keyId !== undefined && !given(call.flags, 'secret')) {
      throw new WrongInvocation('--key-id is for --secret: plain layers are not encrypted with a key of yours');
    }
    const wanted = versionFlag(call, 'if-version', 0);
    const content = await layerFile(ports, required(call.flags, 'file', 'FILE'));
    const layer = await openLayer(call, ports);
    const before = await latestOf(layer);
    if (wanted !== undefined && wanted !== before.version) throw await moved(layer, wanted, before.version);
    if (before.text === content) {
      const { name } = layer;
      answer(call, ports, { name, version: before.version, unchanged: true }, () => [
        `${name} version ${before.version} says that already: nothing was written`,
      ]);
      return 0;
    }
    const saved = await saveLayer(layer, {
      text: content,
      base: before.version,
      advanced: given(call.flags, 'advanced'),
      keyId,
    });
    const change = before.text === undefined ? undefined : { before: before.text, after: content };
    tellSaved(call, ports, layer, saved, change);
    for (const line of await betweenLines(layer, before.version, saved.between)) ports.terminal.err(line);
    // A layer that was there before was read, or somebody has been told.
    if (before.version === 0 && !given(call.flags, 'prefix')) await tellUnread(ports, layer);
    return wanted !== undefined && saved.between.length > 0 ? 1 : 0;
  },
};

/** The layer is written by now: that nothing reads it yet, or that this cannot be asked, is only told. */
async function tellUnread({ terminal }: Ports, layer: OpenLayer): Promise<void> {
  try {
    const [api, { labelOrder }] = await Promise.all([layer.api(), layer.settings()]);
    const [{ packages }, { environments }] = await Promise.all([api.packages(), api.environments()]);
    const known = { packages: packages.map(({ name }) => name), environments, labelOrder };
    const why = whyUnread(layer.package, layer.layer, known);
    if (why !== undefined) terminal.err(`mind: nothing reads ${layer.name} yet: ${why}`);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    terminal.err(`mind: whether anything reads ${layer.name} could not be asked: ${error.message}`);
  }
}

/** `--NAME N`. @throws WrongInvocation */
export function versionFlag({ flags }: Call, name: string, least = 1): number | undefined {
  const said = text(flags, name);
  if (said === undefined) return undefined;
  const version = Number(said);
  if (/^\d{1,9}$/.test(said) && version >= least) return version;
  throw new WrongInvocation(`--${name} '${said}' is no version: 'fairlead values history' lists them`);
}

interface Latest {
  /** 0 when there is none. */
  readonly version: number;
  /** Of a plain layer. */
  readonly text?: string;
}

/** The latest version; of secrets only its number. */
export async function latestOf(layer: OpenLayer): Promise<Latest> {
  const { name, secret, store } = layer;
  const found = await store.get(name);
  if (secret) return { version: found?.version ?? 0 };
  return found === undefined
    ? { version: 0 }
    : { version: found.version, text: (await textOf(layer, name, found)).text };
}

/** Prints what became of it. */
export function tellSaved(
  call: Call,
  ports: Ports,
  layer: OpenLayer,
  saved: Saved,
  change?: { readonly before: string; readonly after: string },
): void {
  answer(call, ports, { name: layer.name, ...saved }, () => savedLines(layer, saved, change));
}

/** Somebody else was first: what he changed is shown. */
export async function moved(layer: OpenLayer, read: number, now: number): Promise<Failed> {
  const first = `the layer ${layer.name} is at version ${now}, not ${read}: nothing was written`;
  const diff = layer.secret || read === 0 || now === 0 ? [] : await versionDiff(layer, read, now);
  return new Failed([first, ...diff].join('\n'), 1);
}
