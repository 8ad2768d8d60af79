/** Is a layer kept as its name says? What is secret and stands where everybody may read it is as bad as what nobody can read. */
import type { ParameterValue } from '../../ports.ts';
import type { LayerPlace } from '../layers/layer-names.ts';

/** What is wrong with it and what to do, if anything. */
export function misplacedSecret(
  { name, secret }: Pick<LayerPlace, 'name' | 'secret'>,
  { version, secret: isSealed }: Pick<ParameterValue, 'version' | 'secret'>,
): string | undefined {
  if (secret === isSealed) return undefined;
  const what = `parameter ${name}, version ${version},`;
  if (secret) {
    return `${what} is a String that others may read, though its name says that it holds secrets: put it again with 'fairlead values put --secret', and change the secrets that were in it`;
  }
  return `${what} is a SecureString, which nobody here can read: put it again as a String, or its secrets with 'fairlead values put --secret' beside it`;
}
