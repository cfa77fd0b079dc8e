/** The beginning of what an upstream answered when that was no use. For admins with `weir-trace`, for nobody else. */
export interface UpstreamAnswer {
  readonly contentType?: string;
  /** Of the whole body, decompressed. */
  readonly bytes: number;
  /** Without the source's credentials; undefined when the body is no text. */
  readonly text?: string;
  /** The body is longer than `text`. */
  readonly cut?: true;
}
