/** What a canary may look like in a text: written out here by other means than the redactor's, so that one checks the other. */

export interface Canary {
  readonly name: string;
  readonly text: string;
  /** A piece that is nowhere else: parts of the secret count, too. */
  readonly pieces: readonly string[];
}

/** The canary's pieces as they are, in JSON, percent-encoded, and in base64 wherever they begin there. */
export function formsOf({ text, pieces }: Canary): readonly string[] {
  const forms = [text, ...pieces].flatMap((piece) => {
    const bytes = Buffer.from(piece);
    const cores = [0, 1, 2].map((shift) => {
      const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      // Without the digits that say something of what stands before and after.
      return encoded.slice(shift === 0 ? 0 : shift + 1, -1);
    });
    const twice = Buffer.from(bytes.toString('base64')).toString('base64').replace(/=+$/, '').slice(0, -1);
    return [
      piece,
      JSON.stringify(piece).slice(1, -1),
      JSON.stringify(JSON.stringify(piece).slice(1, -1)).slice(1, -1),
      encodeURIComponent(piece),
      bytes.toString('hex'),
      twice,
      ...cores,
      ...cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    ];
  });
  return [...new Set(forms)].filter((form) => form.length >= 8);
}
