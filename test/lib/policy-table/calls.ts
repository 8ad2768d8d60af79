/** What a source's role reaches by the API. */
import { allowed, type Row, refused } from './row.ts';

const may = (says: string, call: string) => allowed('source-webui', `${says}: ${call}`, 'CallsWebui', { call });
const mayNot = (says: string, call: string) => refused('source-webui', `${says}: ${call}`, 'no statement', { call });

const OWN: readonly Row[] = [
  may('a rollout of its own package', 'POST /packages/webui/rollouts'),
  allowed(
    'source-webui',
    'a rollout of its other package: POST /packages/webui-admin/rollouts',
    'CallsWebuiDashAdmin',
    {
      call: 'POST /packages/webui-admin/rollouts',
    },
  ),
  may('its package', 'GET /packages/webui'),
  may('its rollouts', 'GET /packages/webui/rollouts'),
  may('the history', 'GET /packages/webui/rollouts/latest/events'),
  may('the evidence', 'GET /packages/webui/rollouts/latest/deployments/prod/evidence'),
  may('an abort', 'POST /packages/webui/rollouts/latest/abort'),
  may('a word at a gate (the gate says whose counts)', 'PUT /packages/webui/rollouts/latest/stages/prod/approval'),
  may("a check's result", 'PUT /packages/webui/rollouts/latest/statuses/load-test'),
];

const FOREIGN: readonly Row[] = [
  mayNot('a foreign package', 'POST /packages/worker/rollouts'),
  mayNot('a foreign package', 'GET /packages/worker'),
  mayNot('a foreign rollout', 'GET /packages/worker/rollouts/latest'),
  mayNot('a foreign abort', 'POST /packages/worker/rollouts/latest/abort'),
  mayNot('a word at a foreign gate', 'PUT /packages/worker/rollouts/latest/stages/prod/approval'),
  mayNot('a package whose name begins the same', 'POST /packages/webui2/rollouts'),
  mayNot('a package whose name ends the same', 'POST /packages/my-webui/rollouts'),
  mayNot('all packages', 'GET /packages'),
  mayNot('all environments', 'GET /environments'),
  mayNot('an environment', 'PUT /environments/prod'),
  mayNot('who changed what', 'GET /audit'),
];

const ABOVE_ITSELF: readonly Row[] = [
  mayNot('registering its own package anew', 'PUT /packages/webui'),
  mayNot('deleting its own package', 'DELETE /packages/webui'),
  mayNot('a hold on its own package', 'PUT /environments/prod/packages/webui/hold'),
  mayNot('a freeze', 'PUT /freezes/christmas'),
  mayNot('a method that nobody has', 'DELETE /packages/webui/rollouts/latest'),
  mayNot('a method that nobody has', 'PATCH /packages/webui'),
  mayNot('a method in other letters', 'post /packages/webui/rollouts'),
];

const TRICKS: readonly Row[] = [
  mayNot('an encoded way out', 'POST /packages/webui%2f..%2fworker/rollouts'),
  mayNot('an encoded way out', 'POST /packages/webui%2F..%2Fworker/rollouts'),
  mayNot('the same, decoded', 'POST /packages/webui/../worker/rollouts'),
  mayNot('a way out twice encoded', 'POST /packages/webui%252f..%252fworker/rollouts'),
  mayNot('a trailing slash', 'POST /packages/webui/rollouts/'),
  mayNot('two slashes', 'POST //packages/webui/rollouts'),
  mayNot('a dot', 'POST /packages/./webui/rollouts'),
  mayNot('other letters', 'POST /packages/WebUI/rollouts'),
  mayNot('other letters', 'POST /Packages/webui/rollouts'),
  mayNot('an encoded letter', 'POST /packages/%77ebui/rollouts'),
  mayNot('an encoded end', 'POST /packages/worker%00webui/rollouts'),
  mayNot('a pattern', 'POST /packages/webu?/rollouts'),
  mayNot('a way out of a rollout to start', 'POST /packages/webui/rollouts/../../worker/rollouts'),
  may(
    'a way out of a rollout to look (* crosses /; the handler refuses it)',
    'GET /packages/webui/rollouts/../../worker',
  ),
  may('a way out of a rollout to abort (the same)', 'POST /packages/webui/rollouts/../../worker/rollouts/latest/abort'),
];

export const CALLS: readonly Row[] = [...OWN, ...FOREIGN, ...ABOVE_ITSELF, ...TRICKS];
