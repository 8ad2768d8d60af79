import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { announce, answer } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { checkedName, destinationOf, labels, nameAt, required, text } from '../flags.ts';
import { readLayerText } from '../read-document.ts';

const LAYER_FLAGS = {
  label: { type: 'string', value: 'k=v', says: 'the layer of environments with this label' },
  environment: { type: 'string', value: 'E', says: 'the layer of one environment' },
  prefix: {
    type: 'string',
    value: 'PATH',
    says: "path before the parameter's name, as in fairlead.yaml's values.prefix",
  },
  ...DESTINATION_FLAGS,
} as const;

/** As `values.prefix` of fairlead.yaml has it. */
const PREFIX = /^(\/[A-Za-z0-9_.-]+)*\/$|^$/;

/** The parameter that holds this layer. */
function layerName(call: Call): string {
  const prefix = text(call.flags, 'prefix') ?? '';
  if (!PREFIX.test(prefix)) {
    throw new WrongInvocation(`--prefix '${prefix}' is no path: it begins and ends with '/', such as /fairlead/`);
  }
  const base = `${prefix}${nameAt(call, 0, 'package')}-service-helm-values`;
  const [label, environment] = [text(call.flags, 'label'), text(call.flags, 'environment')];
  if (label !== undefined && environment !== undefined) {
    throw new WrongInvocation('--label and --environment name different layers: give one');
  }
  if (environment !== undefined) return `${base}.environment.${checkedName(environment, 'environment')}`;
  if (label === undefined) return base;
  const [[key, value] = ['', ''], ...more] = Object.entries(labels(label, 'label'));
  if (more.length > 0) throw new WrongInvocation(`--label '${label}' names more than one label: a layer has one`);
  return `${base}.label.${key}.${value}`;
}

export const valuesPut: Command = {
  name: 'values put',
  summary: 'Write a layer of values to Parameter Store',
  usage: 'PACKAGE [--label k=v|--environment E] -f FILE',
  flags: { file: { type: 'string', short: 'f', value: 'FILE', says: 'the layer as YAML' }, ...LAYER_FLAGS },
  examples: [
    'fairlead values put webui -f values.yaml',
    'fairlead values put webui --environment prod-eu -f prod-eu.yaml',
  ],
  takes: [1, 1],

  async run(call, ports) {
    const name = layerName(call);
    const content = await readLayerText(ports, required(call.flags, 'file', 'FILE'));
    await announce(call, ports);
    const version = await (await ports.parameters(destinationOf(call))).put(name, content);
    answer(call, ports, { name, version }, () => [`${name} version ${version}`]);
    return 0;
  },
};

export const valuesGet: Command = {
  name: 'values get',
  summary: 'Read a layer of values from Parameter Store',
  usage: 'PACKAGE [--label k=v|--environment E]',
  flags: LAYER_FLAGS,
  examples: ['fairlead values get webui --label ring=canary'],
  takes: [1, 1],

  async run(call, ports) {
    const name = layerName(call);
    await announce(call, ports);
    const found = await (await ports.parameters(destinationOf(call))).get(name);
    if (found === undefined) throw new Failed(`there is no layer ${name}: write it with 'fairlead values put'`, 2);
    answer(call, ports, { name, ...found }, () => [`# ${name} version ${found.version}`, found.value.trimEnd()]);
    return 0;
  },
};
