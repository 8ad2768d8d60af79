import type { EnvironmentView } from '../../contracts/api/environment.ts';
import type { LayerSeen } from '../../contracts/looks.ts';
import type { Finding } from '../../domain/doctor/finding.ts';
import { type LayerRules, layerNames } from '../../domain/values/layers/layer-names.ts';
import type { DoctorRun } from './doctor-run.ts';

/** Are the layers of values of the package, for these environments, readable and whole? */
export async function examineLayers(
  { ports, caller, configured }: DoctorRun,
  pkg: string,
  environments: readonly EnvironmentView[],
): Promise<readonly Finding[]> {
  const line = { area: 'package', of: pkg, check: 'values' } as const;
  const names = new Set(environments.flatMap((one) => layerNames(rulesFor(configured, one), pkg, one)));
  const found = await ports.layers([...names]);
  if (!found.read) {
    const here = ['operator', 'approver', 'reader'].includes(caller?.kind ?? '');
    if (found.code === 'refused' && !here) {
      return [
        { ...line, state: 'skipped', says: 'values are not for this role to read; the plan reads them with its own' },
      ];
    }
    const fix = "check the role's right to ssm:GetParameters, and values.prefix with --config fairlead.yaml";
    return [{ ...line, state: 'fail', says: found.because, fix }];
  }
  const broken = found.layers.flatMap(({ name, broken: says }): Finding[] =>
    says === undefined ? [] : [{ ...line, state: 'fail', says, fix: fixOf(pkg, name) }],
  );
  const whole = found.layers.filter((layer) => layer.broken === undefined);
  const says =
    whole.length === 0
      ? "no layers: the chart's own values hold"
      : `${whole.length} of ${names.size} layers exist: ${whole.map(shortOf(pkg)).join(', ')}`;
  return [...(broken.length > 0 && whole.length === 0 ? [] : [{ ...line, state: 'ok', says } as const]), ...broken];
}

/** `webui-service-helm-values v3`, then only how the others go on: `.label.ring.prod v1`. */
const shortOf =
  (pkg: string) =>
  ({ name, version }: LayerSeen, index: number): string => {
    const base = name.indexOf(`${pkg}-service-helm-values`) + `${pkg}-service-helm-values`.length;
    return `${index === 0 ? name : name.slice(base)} v${version}`;
  };

/** Without the configuration every label may have a layer, under no prefix. */
const rulesFor = (configured: LayerRules | undefined, { labels }: EnvironmentView): LayerRules =>
  configured ?? { prefix: '', labelOrder: Object.keys(labels) };

function fixOf(pkg: string, name: string): string {
  const [, kind, rest = ''] = /-service-helm-values\.(label|environment)\.(.+)$/.exec(name) ?? [];
  const [key, value] = rest.split('.');
  const which = kind === 'label' ? ` --label ${key}=${value}` : kind === 'environment' ? ` --environment ${rest}` : '';
  return `fairlead values get ${pkg}${which} > layer.yaml, mend it, fairlead values put ${pkg}${which} -f layer.yaml`;
}
