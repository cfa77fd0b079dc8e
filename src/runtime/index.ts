export { appended } from './appended.ts';
export { type Cancellation, Canceller } from './cancellation.ts';
export { type Clock, delay, systemClock, type Timer } from './clock.ts';
export { Emitter, type Events } from './emitter.ts';
export { type Link, LinkedSet } from './linked-set.ts';
export { type Random, systemRandom } from './random.ts';
export { Secret } from './secret.ts';
export { TransientMap } from './transient-map.ts';
export { atOnce, inTurns, type Steps, Turns } from './turns.ts';
