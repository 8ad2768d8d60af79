/** Charts as archives, made in memory: whole ones, and such as nobody should make. */
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

export interface Entry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link';
  readonly linkpath?: string;
}

/** A tar of exactly these entries, gzipped. */
export function archiveOfEntries(entries: readonly Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ path, content = '', type = 'File', linkpath }) => {
    const bytes = Buffer.from(content);
    const head = Buffer.alloc(512);
    new Header({
      path,
      type,
      size: bytes.length,
      mode: 0o644,
      mtime: new Date(0),
      ...(linkpath && { linkpath }),
    }).encode(head);
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A chart `web` 1.0.0 with these files; a `Chart.yaml` among them goes before ours. */
export function chartArchive(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const all = { 'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n', ...files };
  return archiveOfEntries(Object.entries(all).map(([path, content]) => ({ path: `web/${path}`, content })));
}
