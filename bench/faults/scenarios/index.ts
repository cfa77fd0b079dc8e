import type { Scenario } from '../scenario.ts';
import { ANSWERS } from './answers.ts';
import { BEHAVIOUR } from './behaviour.ts';
import { HTTP } from './http.ts';
import { NAMES } from './names.ts';
import { NETWORK } from './network.ts';
import { STATUSES } from './statuses.ts';

export const SCENARIOS: readonly Scenario[] = [...NETWORK, ...HTTP, ...ANSWERS, ...STATUSES, ...NAMES, ...BEHAVIOUR];
