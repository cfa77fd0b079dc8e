import type { Caller } from './caller.ts';

/** Who did it, as the audit log keeps it. */
export interface Actor {
  readonly id: string;
  readonly name: string;
}

/** What Weir does of its own accord, such as making the first admin key. */
export const systemActor: Actor = { id: 'system', name: 'Weir' };

/** Who publishes what a service was found to have changed in its schema. */
export const pollingActor: Actor = { id: 'polling', name: 'Schema polling' };

/** The caller as the audit log names them. */
export function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'anonymous':
      return { id: caller.id, name: 'anonymous' };
    case 'key':
      return { id: caller.id, name: caller.name };
    default: {
      const never: never = caller;
      return never;
    }
  }
}
