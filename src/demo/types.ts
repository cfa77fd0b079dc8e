import type { Config } from '../config/index.ts';
import type { Events } from '../runtime/index.ts';

/** What the demo wants to know of a call. Part of the gateway's own event. */
export interface ServedCall {
  readonly source: string;
  readonly operation: string;
  /** It was told already, at another path. */
  readonly shared?: boolean;
  readonly outcome: {
    readonly durationMs: number;
    readonly failure?: { readonly code: string; readonly reason: string };
  } & (
    | { readonly kind: 'FRESH' | 'CACHED' | 'STALE' | 'BACKUP' | 'FALLBACK'; readonly ageMs: number }
    | { readonly kind: 'FAILED' }
  );
}

/** The part of a gateway that the demo uses. */
export interface DemoGateway {
  readonly calls: Events<ServedCall>;
  /** Set when an admin's key was made at this start. */
  readonly newAdminKey: string | undefined;
  listen(): Promise<string>;
  close(): Promise<void>;
}

export type StartGateway = (config: Config) => Promise<DemoGateway>;
