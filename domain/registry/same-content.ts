/** Whether two entries of the registry say the same, whoever wrote them when, in whatever order of keys. */
export function sameContent(one: object, other: object): boolean {
  return contentOf(one) === contentOf(other);
}

function contentOf(entry: object): string {
  const { rev: _rev, updatedAt: _at, updatedBy: _by, ...content } = { rev: 0, updatedAt: '', updatedBy: '', ...entry };
  return JSON.stringify(content, (_key, value) =>
    isMap(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
