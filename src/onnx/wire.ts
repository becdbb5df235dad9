// The protocol-buffer wire format: varints, fixed words, length-delimited fields. Knows no ONNX.
// Source: https://protobuf.dev/programming-guides/encoding/

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

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

/** One field as it stands on the wire. `bytes` is a view, not a copy. */
export interface WireField {
  number: number;
  int: bigint;
  float: number;
  bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Walks the fields of one message. Throws RangeError where the bytes are not a message. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw new RangeError("a number is cut off");
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError("a number is longer than 64 bits");
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field: WireField = { number: key >>> 3, int: 0n, float: 0, bytes: NO_BYTES };
    const wireType = key & 7;
    if (field.number === 0) throw new RangeError("a field has the number 0");
    if (wireType === 0) {
      field.int = varint();
    } else if (wireType === 1 || wireType === 5) {
      const size = wireType === 1 ? 8 : 4;
      if (at + size > bytes.length) throw new RangeError("a fixed-size number is cut off");
      field.float = wireType === 1 ? view.getFloat64(at, true) : view.getFloat32(at, true);
      field.bytes = bytes.subarray(at, at + size);
      at += size;
    } else if (wireType === 2) {
      const size = Number(varint());
      if (size < 0 || at + size > bytes.length) throw new RangeError("a field is cut off");
      field.bytes = bytes.subarray(at, at + size);
      at += size;
    } else {
      throw new RangeError(`wire type ${wireType} does not exist`);
    }
    yield field;
  }
}

/** The values of a repeated integer field, packed or one by one. */
export function readInts(field: WireField, packed: boolean): bigint[] {
  if (!packed) return [field.int];
  const values: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of field.bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte < 0x80) {
      values.push(BigInt.asIntN(64, value));
      value = 0n;
      shift = 0n;
    }
  }
  return values;
}

export function readString(field: WireField): string {
  return fromUtf8.decode(field.bytes);
}
