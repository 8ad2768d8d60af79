/** Why a chart cannot be read, on its way up to whoever tells it as an answer. The message names file and line, and quotes nothing. */
export class BrokenChart extends Error {
  override readonly name = 'BrokenChart';
  readonly code: 'template-broken' | 'values-broken';

  constructor(code: 'template-broken' | 'values-broken', because: string) {
    super(because);
    this.code = code;
  }
}
