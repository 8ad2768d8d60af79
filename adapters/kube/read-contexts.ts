/** The contexts of the user's kubeconfigs. What is in them stays with kubectl and helm; only the names are needed here. */
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { NotDone } from '../../contracts/not-done.ts';

/** https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
const Kubeconfig = z.object({
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string() }) })).nullish(),
});

/** The contexts of all files. One that is not there has none, as for kubectl. @param paths as in KUBECONFIG. @throws NotDone naming a file of another kind. */
export async function readContexts(paths: string): Promise<{ readonly name: string; readonly cluster: string }[]> {
  const read = async (path: string) => contextsIn(await readFile(path, 'utf8').catch(() => ''), path);
  return (await Promise.all(paths.split(delimiter).filter(Boolean).map(read))).flat();
}

function contextsIn(text: string, path: string) {
  try {
    const { contexts } = Kubeconfig.parse(parse(text) ?? {});
    return (contexts ?? []).map(({ name, context }) => ({ name, cluster: context.cluster }));
  } catch (error: unknown) {
    throw new NotDone(`${path} is no kubeconfig: see what kubectl says of it`, { cause: error });
  }
}
