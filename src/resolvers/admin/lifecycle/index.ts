export type { CheckResult } from './check.ts';
export type { LifecycleEvent, LifecycleServices } from './core.ts';
export { createLifecycle, type LiveHealth, type SourceLifecycle } from './lifecycle.ts';
export type { AddLinkRequest, ShownLink } from './links.ts';
export type { DeprecateRequest } from './phase-out.ts';
export type { PublishRequest } from './publish.ts';
export type { DefinitionInput, RegisterRequest, ReviseRequest } from './register.ts';
export type { SetPolicyRequest, UpdateRequest } from './settings.ts';
export { ALLOWED_FROM, allowedActions, type LifecycleAction } from './transitions.ts';
