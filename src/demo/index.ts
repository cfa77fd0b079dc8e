export { DemoControlError, sendControl } from './control.ts';
export { runDemo } from './demo.ts';
export { paint } from './paint.ts';
export type { Behaviour } from './upstreams.ts';
