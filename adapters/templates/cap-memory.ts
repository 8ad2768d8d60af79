/** Gives a WebAssembly module's memory a maximum, which Go's linker leaves out. */

const HEADER = 8;
const MEMORY_SECTION = 5;

interface Read {
  readonly value: number;
  readonly next: number;
}

/**
 * The same module with its one memory limited to so many pages of 64 KiB
 * (https://webassembly.github.io/spec/core/binary/modules.html#memory-section).
 * @throws when it has no memory of its own, more than one, or begins with more than that
 */
export function capMemory(module: Uint8Array, maxPages: number): Uint8Array {
  for (let at = HEADER; at < module.length; ) {
    const id = byteAt(module, at);
    const size = readUnsigned(module, at + 1);
    const end = size.next + size.value;
    if (id === MEMORY_SECTION) {
      const body = limited(module, size.next, maxPages);
      const section = Buffer.from([MEMORY_SECTION, ...unsigned(body.length), ...body]);
      return Buffer.concat([module.subarray(0, at), section, module.subarray(end)]);
    }
    at = end;
  }
  throw new Error('the module has no memory section');
}

function limited(module: Uint8Array, at: number, maxPages: number): number[] {
  const count = readUnsigned(module, at);
  const flags = byteAt(module, count.next);
  if (count.value !== 1 || flags > 1) throw new Error('the module does not have exactly one plain memory');
  const min = readUnsigned(module, count.next + 1);
  if (min.value > maxPages)
    throw new Error(`the module begins with ${min.value} pages, which is more than ${maxPages}`);
  return [1, 1, ...unsigned(min.value), ...unsigned(maxPages)];
}

function byteAt(module: Uint8Array, at: number): number {
  const byte = module[at];
  if (byte === undefined) throw new Error('the module ends in the middle of a section');
  return byte;
}

/** LEB128 (https://webassembly.github.io/spec/core/binary/values.html#integers). */
function readUnsigned(module: Uint8Array, at: number): Read {
  let value = 0;
  for (let next = at, shift = 0; ; next += 1, shift += 7) {
    const byte = byteAt(module, next);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next: next + 1 };
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))];
}
