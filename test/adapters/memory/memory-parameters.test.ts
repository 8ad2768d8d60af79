import { memoryParameters } from '../../../adapters/memory/memory-parameters.ts';
import { parametersContract } from '../parameters.contract.ts';

parametersContract('memory', async () => {
  const parameters = memoryParameters();
  return {
    parameters,
    put: async (name, value) => parameters.put(name, value),
    remove: async (name) => parameters.remove(name),
  };
});
