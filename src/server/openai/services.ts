export type { ModelServices as OpenAiServices } from '../way-in/services.ts';
