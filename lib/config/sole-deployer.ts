import type { Config } from '../../contracts/config.ts';

/** The one deployer of an installation and its name. @throws when there are none or several, which `readConfig` refuses with more words */
export function soleDeployer({ deployers }: Pick<Config, 'deployers'>) {
  const [first, ...others] = Object.entries(deployers);
  if (first === undefined || others.length > 0) {
    throw new Error(`one deployer is needed, not ${Object.keys(deployers).length}`);
  }
  const [name, settings] = first;
  return { name, settings };
}
