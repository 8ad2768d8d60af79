// What Node has of WebAssembly and its types leave to lib.dom (https://webassembly.github.io/spec/js-api/).
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    /** Another one whenever the memory has grown. */
    readonly buffer: ArrayBuffer;
  }
  type ModuleImports = Readonly<Record<string, (...args: never[]) => number>>;
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, ModuleImports>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
