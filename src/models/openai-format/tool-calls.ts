import type { ModelEvent } from '../types.ts';
import { failures } from '../vendor/failures.ts';
import { type Fields, numberAt, objectAt, textAt } from './fields.ts';

interface Call {
  id: string | undefined;
  /** Its place among the calls that were told; undefined before its name has come. */
  index: number | undefined;
  /** Arguments that came before the name. */
  waiting: string;
}

/** The tool calls of one stream, whose id, name and arguments come in pieces. */
export class ToolCalls {
  readonly #requestId: string;
  readonly #calls = new Map<number, Call>();
  #told = 0;

  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  read(piece: Fields): readonly ModelEvent[] {
    const place = numberAt(piece.index, 'index') ?? this.#calls.size;
    const called = objectAt(piece.function, 'function') ?? {};
    const name = textAt(called.name, 'name');
    const delta = textAt(called.arguments, 'arguments') ?? '';
    const call = this.#callAt(place);
    call.id ??= textAt(piece.id, 'id') || undefined;
    if (call.index !== undefined) {
      return delta === '' ? [] : [{ kind: 'toolCallDelta', index: call.index, delta }];
    }
    call.waiting += delta;
    return name === undefined ? [] : this.#tell(call, name);
  }

  /** Throws UpstreamFailure for a call that never got a name. */
  end(): void {
    if (this.#told < this.#calls.size) throw failures.invalid('a tool call of the answer has no name');
  }

  #callAt(place: number): Call {
    const known = this.#calls.get(place);
    if (known !== undefined) return known;
    const call: Call = { id: undefined, index: undefined, waiting: '' };
    this.#calls.set(place, call);
    return call;
  }

  #tell(call: Call, name: string): readonly ModelEvent[] {
    const index = this.#told++;
    call.index = index;
    const begun: ModelEvent = { kind: 'toolCall', index, id: call.id ?? `${this.#requestId}-${index}`, name };
    return call.waiting === '' ? [begun] : [begun, { kind: 'toolCallDelta', index, delta: call.waiting }];
  }
}
