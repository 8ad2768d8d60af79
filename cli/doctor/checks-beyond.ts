/** What is looked at once the API answers and somebody signs. */
import type { EnvironmentView } from '../../contracts/api/environment.ts';
import type { PackageView } from '../../contracts/api/package.ts';
import type { DoctorRun } from './doctor-run.ts';
import { examineEnvironment } from './examine-environment.ts';
import { examineFunctions } from './examine-functions.ts';
import { examineLayers } from './examine-layers.ts';
import { environmentsOf, examineStages } from './examine-stages.ts';
import { type Chosen, firstOf, type Registered } from './list-registered.ts';
import type { Check } from './run-checks.ts';

/** Stages and values of each package, each environment with the packages that go there, and the functions. */
export function checksBeyond(
  run: DoctorRun,
  packages: readonly PackageView[],
  { all }: Registered,
  chosen: Chosen,
): readonly Check[] {
  if (all === undefined) return ofFunctions(run);
  const ways = packages.map((pkg) => ({ pkg, places: placesOf(run, pkg, all) }));
  return [
    ...ways.flatMap(({ pkg, places }) => ofPackage(run, pkg, all, places)),
    ...ofEnvironments(run, ways, all, chosen),
    ...ofFunctions(run),
  ];
}

interface Way {
  readonly pkg: PackageView;
  readonly places: readonly EnvironmentView[];
}

/** Those that are named, else those where the named packages go, else all: as many as fit a screen. */
function ofEnvironments(run: DoctorRun, ways: readonly Way[], all: readonly EnvironmentView[], chosen: Chosen) {
  const goesTo = (name: string) => ways.filter(({ places }) => places.some((place) => place.name === name));
  const open = all.map(({ name }) => name).filter((name) => chosen.packages.length === 0 || goesTo(name).length > 0);
  const { names, findings } =
    chosen.environments.length > 0 ? { names: chosen.environments, findings: [] } : firstOf('environment', open);
  const rest: Check = { area: 'environment', check: 'registry', run: async () => findings };
  const both = chosen.environments.length > 0 && chosen.packages.length > 0;
  return [
    ...names.flatMap((name) => {
      // Who names both wants to know of both, whatever the stages say.
      const own = both ? ways : goesTo(name);
      return ofEnvironment(run, name, own);
    }),
    rest,
  ];
}

const placesOf = (run: DoctorRun, pkg: PackageView, all: readonly EnvironmentView[]) =>
  environmentsOf(pkg, run.configured?.promotionOrder, all).flatMap((stage) => stage.environments);

function ofPackage(
  run: DoctorRun,
  pkg: PackageView,
  all: readonly EnvironmentView[],
  places: readonly EnvironmentView[],
): readonly Check[] {
  const about = { area: 'package', of: pkg.name } as const;
  return [
    { ...about, check: 'stages', run: async () => [examineStages(pkg, run.configured?.promotionOrder, all)] },
    { ...about, check: 'values', run: async () => await examineLayers(run, pkg.name, places) },
  ];
}

/** An environment that no package goes to is looked at alone. */
function ofEnvironment(run: DoctorRun, name: string, ways: readonly Way[]): readonly Check[] {
  const packages = ways.length === 0 ? [undefined] : ways.map(({ pkg }) => pkg.name);
  return packages.map((pkg) => ({
    area: 'environment',
    of: name,
    check: 'inspection',
    run: async () => await examineEnvironment(run, name, pkg),
  }));
}

function ofFunctions({ ports, configured, caller }: DoctorRun): readonly Check[] {
  const installation = configured?.name ?? caller?.installation;
  if (installation === undefined) return [];
  return [
    { area: 'functions', check: 'health', run: async () => examineFunctions(await ports.functions(installation)) },
  ];
}
