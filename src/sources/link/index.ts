export { inputTypeAt } from './argument-tree.ts';
export { checkLink, type LinkCheck, type LinkSide, pathOf, typeOfSource } from './check-link.ts';
export type * from './checked-link.ts';
export { type Convert, converter, listDepth } from './fits.ts';
export { type LeafAt, leafAt } from './leaf-at.ts';
export type * from './link.ts';
export { linkKey } from './link-key.ts';
export { selectedValue } from './output-path.ts';
