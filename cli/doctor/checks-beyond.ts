/** What is looked at once the API answers and somebody signs. */
import type { EnvironmentView } from '../../contracts/api/environment.ts';
import type { PackageView } from '../../contracts/api/package.ts';
import type { DoctorRun } from './doctor-run.ts';
import { examineEnvironment } from './examine-environment.ts';
import { examineFunctions } from './examine-functions.ts';
import { examineLayers } from './examine-layers.ts';
import { environmentsOf, examineStages } from './examine-stages.ts';
import type { Registered } from './list-registered.ts';
import type { Check } from './run-checks.ts';

/** Stages and values of each package, each environment with the packages that go there, and the functions. */
export function checksBeyond(
  run: DoctorRun,
  packages: readonly PackageView[],
  registered: Registered,
): readonly Check[] {
  const { all, environments } = registered;
  const routes = packages.map((pkg) => ({ pkg, places: all === undefined ? [] : placesOf(run, pkg, all) }));
  return [
    ...(all === undefined ? [] : routes.flatMap(({ pkg, places }) => ofPackage(run, pkg, all, places))),
    ...environments.flatMap((name) => {
      const own = routes.filter(({ places }) => places.some((place) => place.name === name));
      return ofEnvironment(
        run,
        name,
        own.map(({ pkg }) => pkg.name),
      );
    }),
    ...ofFunctions(run),
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
function ofEnvironment(run: DoctorRun, name: string, packages: readonly string[]): readonly Check[] {
  return (packages.length === 0 ? [undefined] : packages).map((pkg) => ({
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
