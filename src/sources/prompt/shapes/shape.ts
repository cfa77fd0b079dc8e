/**
 * The form of a variable or of an answer, in the few types that both GraphQL and JSON schema express.
 * Names are those of the prompt's own SDL; the graph puts the source's prefix before them.
 */
export type Shape = ScalarShape | EnumShape | ListShape | ObjectShape | FileShape;

interface Nullable {
  readonly nullable: boolean;
}

export type ScalarName = 'String' | 'Int' | 'Float' | 'Boolean' | 'ID';

export interface ScalarShape extends Nullable {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
}

export interface EnumShape extends Nullable {
  readonly kind: 'enum';
  readonly name: string;
  readonly values: readonly string[];
}

export interface ListShape extends Nullable {
  readonly kind: 'list';
  readonly item: Shape;
}

export interface ObjectShape extends Nullable {
  readonly kind: 'object';
  readonly name: string;
  readonly fields: readonly FieldShape[];
}

export interface FieldShape {
  readonly name: string;
  readonly description: string | undefined;
  readonly shape: Shape;
}

/** A file that goes to the model beside the text. Variables only. */
export interface FileShape extends Nullable {
  readonly kind: 'file';
  readonly type: FileType;
}

/** `Image` takes images only. */
export type FileType = 'File' | 'Image';

const SCALARS: readonly string[] = ['String', 'Int', 'Float', 'Boolean', 'ID'] satisfies ScalarName[];
const FILES: readonly string[] = ['File', 'Image'] satisfies FileType[];

export function isScalarName(name: string): name is ScalarName {
  return SCALARS.includes(name);
}

export function isFileType(name: string): name is FileType {
  return FILES.includes(name);
}

/** Whether a value of the shape may hold a file. */
export function holdsFile(shape: Shape): boolean {
  return shape.kind === 'file' || (shape.kind === 'list' && holdsFile(shape.item));
}
