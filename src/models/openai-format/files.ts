import { Buffer } from 'node:buffer';
import type { ModelPart, ProviderKind } from '../types.ts';
import { failures } from '../vendor/failures.ts';

type FilePart = Extract<ModelPart, { readonly kind: 'file' }>;

const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

/** A file as a part of a user's message. Throws UpstreamFailure for one that the format has no part for. */
export function filePart(part: FilePart, kind: ProviderKind): object {
  const mediaType = part.mediaType.toLowerCase();
  const [family] = mediaType.split('/');
  const { data } = part;
  if (family === 'image') return { type: 'image_url', image_url: { url: urlOf(data, mediaType), detail: part.detail } };
  // Other servers of the format, with models that see films, have it so.
  if (family === 'video' && kind === 'OPENAI_COMPATIBLE') {
    return { type: 'video_url', video_url: { url: urlOf(data, mediaType) } };
  }
  if (data instanceof URL) throw failures.unsendable(`a file of the type ${mediaType} must be sent as data`);
  if (family === 'text') return { type: 'text', text: Buffer.from(data).toString() };
  if (family !== 'audio' && family !== 'video') {
    const filename = part.name ?? (mediaType === 'application/pdf' ? 'document.pdf' : 'document');
    return { type: 'file', file: { filename, file_data: urlOf(data, mediaType) } };
  }
  const format = AUDIO_FORMATS[mediaType];
  if (format === undefined) throw failures.unsendable(`a file of the type ${mediaType} has no place in this format`);
  return { type: 'input_audio', input_audio: { data: base64(data), format } };
}

function urlOf(data: Uint8Array | URL, mediaType: string): string {
  return data instanceof URL ? data.href : `data:${mediaType};base64,${base64(data)}`;
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
