import type { TemplateData } from '../../../../domain/values/feature/facts.ts';
import type { TemplateTrouble } from '../../../../domain/values/ports.ts';

/** One line of the table: what a template gives, or which trouble it is and in which words. */
export type Case = { readonly template: string; readonly data?: Partial<TemplateData> } & (
  | { readonly gives: string }
  | { readonly refuses: TemplateTrouble; readonly words: string }
);

export const gives = (template: string, text: string, data?: Partial<TemplateData>): Case => ({
  template,
  gives: text,
  ...(data && { data }),
});

export const refuses = (
  template: string,
  code: TemplateTrouble,
  words: string,
  data?: Partial<TemplateData>,
): Case => ({ template, refuses: code, words, ...(data && { data }) });

export const fails = (template: string, words: string, data?: Partial<TemplateData>): Case =>
  refuses(template, 'failed', words, data);

/** What the templates of the table see, where they do not bring their own. */
export const DATA: TemplateData = {
  Kind: 'tenant',
  Tenant: { Name: 'acme' },
  Management: { name: 'mgmt', kind: 'management', zone: 'z1', project: 'acme-mgmt' },
  Env: {
    name: 'dev',
    kind: 'tenant',
    labels: { ring: 'canary', tier: 'gold' },
    project: 'acme-dev',
    replicas: 3,
    ratio: 0.25,
    big: 12_345_678,
    on: true,
    off: false,
    empty: '',
    zero: 0,
    nothing: null,
    hosts: ['a.example', 'b.example'],
    db: { host: 'db.internal', port: 5432 },
    group_admins: 'g-1',
    group_readers: 'g-2',
    json: '{"size": 3, "tags": ["x", "y"]}',
  },
  Envs: [
    { name: 'dev', kind: 'tenant', project: 'acme-dev', domain: 'dev.acme.test' },
    { name: 'prod', kind: 'tenant', project: 'acme-prod', domain: 'acme.test' },
    { name: 'site', kind: 'onprem', domain: 'site.acme.test' },
  ],
  Configs: { 'image.tag': '1.4.2', replicas: 2, debug: false },
};
