import type { Behaviour } from './upstreams.ts';

export interface KeyActions {
  readonly become: (upstream: string, behaviour: Behaviour) => Promise<void>;
  readonly stop: () => void;
}

/** Listens for single keys when there is a terminal; returns the way to stop listening. */
export function onKeys({ become, stop }: KeyActions): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const actions: Record<string, () => void> = {
    1: () => void become('bookshop', 'down'),
    2: () => void become('bookshop-backup', 'down'),
    3: () => void become('bookshop', 'slow'),
    4: () => void become('bookshop', 'errors'),
    5: () => void become('rates', 'down'),
    6: () => void become('reviews', 'down'),
    h: () => {
      for (const name of ['bookshop', 'bookshop-backup', 'rates', 'reviews', 'phrases']) void become(name, 'normal');
    },
    q: stop,
    // In raw mode the terminal hands Ctrl-C and Ctrl-D through as characters.
    '\u0003': stop,
    '\u0004': stop,
  };
  const listen = (key: Buffer): void => actions[key.toString('utf8')]?.();
  stdin.setRawMode(true);
  stdin.on('data', listen);
  return () => {
    stdin.off('data', listen);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
