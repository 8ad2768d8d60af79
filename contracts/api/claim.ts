/** `.fairlead.yaml`: the file at a repository's root by which its maintainers keep their package's entry themselves. */
import * as z from 'zod';
import { Name } from '../name.ts';
import { PackageBody } from './package.ts';

const { chart, release, namespace, stages, timeoutMinutes, team } = PackageBody.shape;

/** What a repository may say of its package. What would give it more than its own (other repositories, forced conflicts, a profile) is for operators. */
export const ClaimBody = z
  .strictObject({
    package: Name.optional().meta({ description: "the claimed package; has to be the path's" }),
    chart,
    release,
    namespace,
    stages,
    timeoutMinutes,
    team,
  })
  .meta({ id: 'ClaimBody', description: 'the content of .fairlead.yaml' });
export type ClaimBody = z.infer<typeof ClaimBody>;
