import { registryContract } from '../contracts/registry-contract.ts';
import { temporaryRegistry } from './fixtures.ts';

registryContract('SQLite', temporaryRegistry);
