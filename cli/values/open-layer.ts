/** Which layer a command is about, and where it stands. */
import type { InstallationView } from '../../contracts/api/installation.ts';
import type { LayerStore } from '../../contracts/layer-store.ts';
import { type LayerOf, layerName } from '../../domain/values/layers/layer-names.ts';
import { type Call, DESTINATION_FLAGS } from '../command.ts';
import { announce, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { checkedName, destinationOf, labels, nameAt, text } from '../flags.ts';
import type { Ports } from '../ports.ts';

export const PREFIX_FLAGS = {
  prefix: {
    type: 'string',
    value: 'PATH',
    says: "path before the parameter's name; default: the installation's own (values.prefix of its fairlead.yaml)",
  },
  ...DESTINATION_FLAGS,
} as const;

export const LAYER_FLAGS = {
  label: { type: 'string', value: 'k=v', says: 'the layer of environments with this label' },
  environment: { type: 'string', value: 'E', says: 'the layer of one environment' },
  ...PREFIX_FLAGS,
} as const;

export const SECRET_FLAG = {
  secret: { type: 'boolean', says: 'the layer of secrets, which only deployers read' },
} as const;

export const LAYER_USAGE = '[--label k=v|--environment E]';

type Settings = InstallationView['values'];

export interface OpenLayers {
  readonly package: string;
  /** Ends in `/`, or is empty. */
  readonly prefix: string;
  readonly store: LayerStore;
  /** Asked of the API, once. */
  readonly settings: () => Promise<Settings>;
  readonly api: () => Promise<FairleadApi>;
}

export interface OpenLayer extends OpenLayers {
  readonly layer: LayerOf;
  readonly secret: boolean;
  /** The parameter's. */
  readonly name: string;
  /** The words that name the layer again: `webui --label ring=canary`. */
  readonly words: string;
}

/** The layers of the package that is the first argument. Says where the calls go. */
export async function openLayers(call: Call, ports: Ports): Promise<OpenLayers> {
  const pkg = nameAt(call, 0, 'package');
  const given = prefixOf(call);
  let connected: Promise<FairleadApi> | undefined;
  let asked: Promise<Settings> | undefined;
  const api = () => (connected ??= connect(call, ports));
  const settings = () => (asked ??= api().then(async (known) => (await known.installation()).values));
  if (given !== undefined) await announce(call, ports);
  const prefix = given ?? (await settings()).prefix;
  return { package: pkg, prefix, store: await ports.parameters(destinationOf(call)), settings, api };
}

/** The one layer that flags and arguments name. */
export async function openLayer(call: Call, ports: Ports): Promise<OpenLayer> {
  const [pkg, layer, secret] = [nameAt(call, 0, 'package'), layerOf(call), call.flags['secret'] === true];
  const opened = await openLayers(call, ports);
  return { ...opened, layer, secret, name: layerName(opened.prefix, pkg, layer, secret), words: wordsOf(pkg, layer) };
}

/** Before anything else is read or asked. @throws WrongInvocation */
export function checkLayer(call: Call): void {
  nameAt(call, 0, 'package');
  layerOf(call);
  prefixOf(call);
}

function layerOf({ flags }: Call): LayerOf {
  const [label, environment] = [text(flags, 'label'), text(flags, 'environment')];
  if (label !== undefined && environment !== undefined) {
    throw new WrongInvocation('--label and --environment name different layers: give one');
  }
  if (environment !== undefined) return { of: 'environment', name: checkedName(environment, 'environment') };
  if (label === undefined) return { of: 'package' };
  const [[key, value] = ['', ''], ...more] = Object.entries(labels(label, 'label'));
  if (more.length > 0) throw new WrongInvocation(`--label '${label}' names more than one label: a layer has one`);
  return { of: 'label', key, value };
}

function wordsOf(pkg: string, layer: LayerOf): string {
  if (layer.of === 'label') return `${pkg} --label ${layer.key}=${layer.value}`;
  return layer.of === 'environment' ? `${pkg} --environment ${layer.name}` : pkg;
}

/** As `values.prefix` of fairlead.yaml has it. */
const PREFIX = /^(\/[A-Za-z0-9_.-]+)*\/$|^$/;

function prefixOf({ flags }: Call): string | undefined {
  const prefix = text(flags, 'prefix');
  if (prefix === undefined || PREFIX.test(prefix)) return prefix;
  throw new WrongInvocation(`--prefix '${prefix}' is no path: it begins and ends with '/', such as /fairlead/`);
}
