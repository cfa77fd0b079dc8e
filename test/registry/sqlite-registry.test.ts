import { registryContract } from '../contracts/registry-contract.ts';
import { registryModelsContract } from '../contracts/registry-models-contract.ts';
import { temporaryRegistry } from './fixtures.ts';

registryContract('SQLite', temporaryRegistry);
registryModelsContract('SQLite', temporaryRegistry);
