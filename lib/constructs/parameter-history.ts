import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Config } from '../../contracts/config.ts';
import { allow } from './allow.ts';
import { denyDecrypting, secretArns } from './secret-parameters.ts';
import { valuesArn } from './value-parameters.ts';

const BECAUSE = 'one parameter for each layer of each package, and for each secret of an environment';

/** Lets a role see who made which version of a layer. Of secrets it sees ciphertexts, and can never see what is in them. */
export function allowSeeingChangers(role: Role, config: Config): void {
  const resources = [valuesArn(role, config), ...secretArns(role, config)];
  allow(role, { actions: ['ssm:GetParameterHistory'], resources, because: BECAUSE });
  denyDecrypting(role);
}

/** EventBridge's patterns for the names that `allowSeeingChangers` is about. */
export function namesOfLayers({ values }: Config): readonly { readonly wildcard: string }[] {
  return ['*-service-helm-values*', '*-service-helm-secrets*'].map((name) => ({
    wildcard: `${values.prefix}${name}`,
  }));
}
