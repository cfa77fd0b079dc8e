/** What a key may do. Anonymous callers have none. */
export type Role = 'ADMIN' | 'CONSUMER';

/** Who makes a request. */
export type Caller =
  | { readonly kind: 'anonymous'; readonly id: 'anonymous' }
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly role: Role };

export const anonymous: Caller = { kind: 'anonymous', id: 'anonymous' };

/** Who may use a published source: anyone; any key (teams with a grant, once there are teams); its owners. */
export type Visibility = 'PUBLIC' | 'SHARED' | 'PRIVATE';

export function isAdmin(caller: Caller): boolean {
  return caller.kind === 'key' && caller.role === 'ADMIN';
}

/** Whether the caller may use a published source of this visibility. Teams and grants join here. */
export function mayUse(caller: Caller, visibility: Visibility): boolean {
  switch (visibility) {
    case 'PUBLIC':
      return true;
    case 'SHARED':
      return caller.kind === 'key';
    case 'PRIVATE':
      return isAdmin(caller);
    default: {
      const never: never = visibility;
      return never;
    }
  }
}
