import { Config } from '../../contracts/config.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../aws/ministack-environment.ts';

/**
 * A `fairlead.yaml` as the local stack deploys it: the same file, but in the local account, with charts in MiniStack's registry over plain HTTP, with a
 * GitHub provider that `bootstrap` has made, and with operator, reader, approver and emergency roles that the account's root may assume.
 * @param written what the file says, parsed from YAML
 * @param endpoint MiniStack's
 * @throws in zod's words when the file makes no `Config`
 */
export function localConfig(written: unknown, endpoint: string): Config {
  const root = `arn:aws:iam::${LOCAL_ACCOUNT}:root`;
  const parsed = Config.parse(
    typeof written === 'object' ? { account: LOCAL_ACCOUNT, region: LOCAL_REGION, ...written } : written,
  );
  return {
    ...parsed,
    account: LOCAL_ACCOUNT,
    region: LOCAL_REGION,
    operators: [root],
    readers: [root],
    approvers: parsed.approvers.map(({ name }) => ({ name, who: [root] })),
    ...(parsed.breakGlass && { breakGlass: { who: [root] } }),
    // MiniStack's machines start no builds, and its builds run nothing: what would need one runs in the function.
    deployers: Object.fromEntries(
      Object.entries(parsed.deployers).map(([name, settings]) => [
        name,
        { ...settings, kind: 'lambda' as const, builds: false },
      ]),
    ),
    charts: { registry: `oci://${new URL(endpoint).host}/charts`, plainHttp: true, buckets: [] },
    oidcProvider: 'import',
    disposable: true,
  };
}
