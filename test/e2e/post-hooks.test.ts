/** Charts with hooks that run once the release is ready: rolled out, and rolled back when a hook fails. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { EXIT } from '../../contracts/outcome-table.ts';
import { POD } from '../support/e2e-charts.ts';
import { aStory } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

/** Its Job fails where the chart says so: its pod never ends, and it has a second to. */
const AFTER = {
  'after.yaml': `
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-after"
  annotations:
    helm.sh/hook: post-install,post-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 0
  {{- if .Values.fails }}
  activeDeadlineSeconds: 1
  {{- end }}
  template:
    metadata: { annotations: { fairlead.dev/pretend: '{{ if .Values.fails }}never-ready{{ else }}run{{ end }}' } }
    spec: { restartPolicy: Never, containers: [{ name: after, image: "after:1" }] }
`,
};

const Named = z.object({ kind: z.string(), name: z.string() });

test('a chart with a post-install hook is rolled out; its hook that fails is told with evidence, and taken back', async () => {
  const story = await aStory(world, 'hooks', { environments: ['dev'], entry: { timeoutMinutes: 1 } });
  const [environment = ''] = story.environments;
  await story.push('1.0.0', { ...POD, ...AFTER }, { pretend: 'run', fails: false });
  await story.push('1.1.0', { ...POD, ...AFTER }, { pretend: 'run', fails: true });
  const good = await story.roll('1.0.0');
  expect(good.code).toBe(EXIT.success);
  const job = await world.kubectl(
    'get',
    'job',
    `${story.name}-after`,
    '-n',
    story.namespace(environment),
    '-o',
    'json',
  );
  expect(JSON.parse(job).status).toMatchObject({ succeeded: 1 });

  const { code, ended } = await story.roll('1.1.0');
  expect(code).toBe(EXIT.failure);
  const [deployment] = ended.deployments;
  expect(deployment).toMatchObject({ state: 'rolled-back', outcome: { code: 'hook-failed' } });
  expect(deployment?.outcome?.because).toContain(`${story.name}-after`);
  expect((await story.history(environment)).map(({ status }) => status)).toEqual(['superseded', 'failed', 'deployed']);
  const evidence = await world.json('evidence', story.name, ended.id, environment);
  const { objects, events } = z
    .object({ objects: z.array(Named), events: z.array(z.object({ object: z.string() })) })
    .parse(evidence);
  expect(objects).toContainEqual({ kind: 'Job', name: `${story.name}-after` });
  expect(events.map(({ object }) => object)).toContain(`Job ${story.name}-after`);
});
