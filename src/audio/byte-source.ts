// Bytes to read from, wherever they are. Knows no formats and no platform.

/** Somewhere bytes can be read from: a file, a Blob, the output of a program. */
export interface ByteSource {
  /** Length in bytes; Infinity when only reading tells. */
  readonly size: number;
  /**
   * Up to `length` bytes from `offset`; fewer only at the end. A reader that never goes back may be
   * served by a source that cannot.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

const windowBytes = 65_536;

/** Reads ahead, so that a header's many small fields and a short clip's samples are one read. */
export class ReadAhead implements ByteSource {
  readonly size: number;
  private readonly source: ByteSource;
  private held: Uint8Array = new Uint8Array(0);
  private heldFrom = 0;

  constructor(source: ByteSource) {
    this.source = source;
    this.size = source.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const inside = () => this.held.subarray(offset - this.heldFrom, offset - this.heldFrom + length);
    const heldTo = this.heldFrom + this.held.length;
    if (offset >= this.heldFrom && offset + length <= heldTo) return inside();
    // Keep what of the window is still ahead: a source that cannot go back has it nowhere else.
    const kept =
      offset >= this.heldFrom && offset < heldTo ? this.held.subarray(offset - this.heldFrom) : undefined;
    const from = offset + (kept?.length ?? 0);
    const more = await this.source.read(from, Math.max(length - (kept?.length ?? 0), windowBytes));
    this.held = kept ? joined(kept, more) : more;
    this.heldFrom = offset;
    return inside();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Bytes as numbers of any width and order. */
export function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The four letters at `at` that name a chunk; fewer at the end of the bytes. */
export function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
