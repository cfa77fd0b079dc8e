import { styleText } from 'node:util';

/** Colours for a terminal; plain text for a pipe or with NO_COLOR. */
type Style = Parameters<typeof styleText>[0];

export const paint = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  styleText(style, text, { stream, validateStream: true });
