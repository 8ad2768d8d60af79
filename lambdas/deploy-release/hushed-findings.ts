/** Evidence as it may be kept: masked; or, where nobody knows what would have to be masked, without any foreign word. */
import { clip } from '../../domain/clip.ts';
import type { Findings } from '../../domain/evidence/summarise.ts';
import type { Redact } from '../../domain/values/secrets/redactor.ts';
import { hushedCulprit } from './hushed-answer.ts';

type Found = Omit<Findings, 'failure'>;

/** Lines of a log are read together, for a secret may go over several of them. */
export function hushedFindings({ objects, events, logs, gaps }: Found, redact: Redact): Found {
  return {
    objects: objects.map((culprit) => hushedCulprit(culprit, redact)),
    events: events.map((event) => ({
      ...event,
      reason: redact(event.reason),
      object: redact(event.object),
      message: clip(redact(event.message), 1000),
    })),
    logs: logs.map((log) => ({
      ...log,
      lines: redact(log.lines.join('\n'))
        .split('\n')
        .map((line) => clip(line, 2000)),
    })),
    gaps: gaps.map(redact),
  };
}

/** Kinds, names and reasons remain: which object it was, and that it was unwell. */
export function mutedFindings({ objects, events }: Found, because: string): Found {
  const hidden = 'not kept: it is not known which secrets may be part of it';
  return {
    objects: objects.map((culprit) => ({ ...culprit, because: hidden })),
    events: events.map((event) => ({ ...event, message: hidden })),
    logs: [],
    gaps: [`logs and messages are not kept, for the secrets that may be part of them cannot be known: ${because}`],
  };
}
