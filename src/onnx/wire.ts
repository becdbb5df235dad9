// The protocol-buffer wire format: varints, fixed words, length-delimited fields. Knows no ONNX.
// Source: https://protobuf.dev/programming-guides/encoding/

const utf8 = new TextEncoder();
// Names are kept as they stand, a byte-order mark at the front too.
const fromUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Grows a byte buffer field by field. Field numbers are the schema's. */
export class WireWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  private varint(value: bigint): void {
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  private tag(field: number, wireType: number): void {
    this.varint(BigInt(field * 8 + wireType));
  }

  int(field: number, value: number | bigint): this {
    this.tag(field, 0);
    this.varint(BigInt(value));
    return this;
  }

  float(field: number, value: number): this {
    this.tag(field, 5);
    this.reserve(4);
    new DataView(this.bytes.buffer).setFloat32(this.length, value, true);
    this.length += 4;
    return this;
  }

  raw(field: number, value: Uint8Array): this {
    this.tag(field, 2);
    this.varint(BigInt(value.length));
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
    return this;
  }

  string(field: number, value: string): this {
    return this.raw(field, utf8.encode(value));
  }

  message(field: number, value: WireWriter): this {
    return this.raw(field, value.finish());
  }

  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** How a field stands on the wire: a varint, eight bytes, a length and as many bytes, four bytes. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** One field as it stands on the wire. `bytes` is a view, not a copy. */
export interface WireField {
  number: number;
  wireType: number;
  int: bigint;
  float: number;
  bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Reads varints, one behind the other. */
class Cursor {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.atEnd) throw new RangeError("a number is cut off");
      const byte = this.bytes[this.at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError("a number is longer than 64 bits");
  }

  take(size: number): Uint8Array {
    if (size < 0 || this.at + size > this.bytes.length) throw new RangeError("a field is cut off");
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
}

/** Walks the fields of one message. Throws RangeError where the bytes are not a message. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cursor = new Cursor(bytes);
  while (!cursor.atEnd) {
    const key = Number(cursor.varint());
    const wireType = key & 7;
    const field: WireField = { number: key >>> 3, wireType, int: 0n, float: 0, bytes: NO_BYTES };
    if (field.number === 0) throw new RangeError("a field has the number 0");
    if (wireType === WIRE.varint) {
      field.int = cursor.varint();
    } else if (wireType === WIRE.fixed64) {
      field.bytes = cursor.take(8);
      field.float = view.getFloat64(cursor.at - 8, true);
    } else if (wireType === WIRE.fixed32) {
      field.bytes = cursor.take(4);
      field.float = view.getFloat32(cursor.at - 4, true);
    } else if (wireType === WIRE.bytes) {
      field.bytes = cursor.take(Number(cursor.varint()));
    } else {
      throw new RangeError(`wire type ${wireType} does not exist`);
    }
    yield field;
  }
}

/** The values of a repeated integer field, packed or one by one. */
export function readInts({ wireType, int, bytes }: WireField): bigint[] {
  if (wireType !== WIRE.bytes) return [int];
  const cursor = new Cursor(bytes);
  const values: bigint[] = [];
  while (!cursor.atEnd) values.push(cursor.varint());
  return values;
}

export function readString(field: WireField): string {
  return fromUtf8.decode(field.bytes);
}
