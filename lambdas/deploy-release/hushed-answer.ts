/** An answer as it may be told: the words of the cluster, of helm and of templates masked. Outcomes, codes and numbers stay as they are. */
import type { Failure } from '../../contracts/machines.ts';
import { clip } from '../../domain/clip.ts';
import type { Culprit } from '../../domain/outcome.ts';
import type { Redact } from '../../domain/values/secrets/redactor.ts';

interface Telling {
  readonly outcome: string;
  readonly because?: string;
  readonly failure?: Failure;
}

/** Machines branch on the rest, which holds no foreign words. */
export function hushedAnswer<A extends object>(answer: A & Telling, redact: Redact): A {
  const { because, failure } = answer;
  return {
    ...answer,
    ...(because !== undefined && { because: redact(because) }),
    ...(failure !== undefined && { failure: hushedFailure(failure, redact) }),
  };
}

/** What stands in place of words that nobody can mask. */
export function notShown(because: string): string {
  return clip(`(not shown, for secrets may be part of it that cannot be known: ${because})`, 1000);
}

/** Masks may be longer than what they stand for. Names of objects may be made of values, too. */
export function hushedFailure({ objects, because, ...failure }: Failure, redact: Redact): Failure {
  return {
    ...failure,
    because: clip(redact(because), 2000),
    ...(objects !== undefined && { objects: objects.map((culprit) => hushedCulprit(culprit, redact)) }),
  };
}

export function hushedCulprit<C extends Pick<Culprit, 'name' | 'because'>>(culprit: C, redact: Redact): C {
  return { ...culprit, name: clip(redact(culprit.name), 260), because: clip(redact(culprit.because), 500) };
}
