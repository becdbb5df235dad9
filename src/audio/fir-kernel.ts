// The resampler's inner loop as a small WebAssembly program. Knows numbers, nothing of sound.
//
// Why not plain TypeScript: one hour at 48 kHz is 11 thousand million multiplications; WebAssembly does
// four in one instruction. It runs wherever the ONNX runtime does, and gives the same bits everywhere.

/** Taps are taken sixteen at a time: four sums of four lanes, so that additions need not wait. */
export const tapsMultiple = 16;
const sums = 4;

/** For each of `count` outputs: the sum over `taps` of x times the row of its phase; see `source` below. */
type Convolve = (
  x: number,
  rows: number,
  out: number,
  count: number,
  phase: number,
  rowBytes: number,
  up: number,
  stepBytes: number,
  rest: number,
) => void;

/** The part of the JavaScript API used here; not every platform's types have it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: object };
};

/** An instance with its memory, which the caller lays out. Pointers are in bytes, multiples of 16 for `rows`. */
export interface FirKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly convolve: Convolve;
}

// Locals, in the order of the parameters above and then our own.
const [x, rows, out, count, phase, rowBytes, up, stepBytes, rest, k, row] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];
const acc = [11, 12, 13, 14];

// Instructions (WebAssembly core specification 2.0, section 5.4), as far as they are used.
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const i32 = { const: (n: number) => [0x41, n], add: [0x6a], sub: [0x6b], mul: [0x6c], lessThan: [0x49] };
const simd = (code: number, ...operands: number[]) => [0xfd, ...unsigned(code), ...operands];
const f32x4 = { zero: simd(0x0c, ...new Array(16).fill(0)), add: simd(0xe4), mul: simd(0xe6) };
/** Loads four floats at an address plus `offset`; 2 = aligned to 4 bytes at least. */
const load4 = (offset: number) => simd(0x00, 2, ...unsigned(offset));
const lane = (n: number) => simd(0x1f, n);
const f32 = { add: [0x92], store: [0x38, 2, 0] };
const loop = (...body: number[][]) => [0x03, 0x40, ...body.flat(), 0x0b];
const when = (...body: number[][]) => [0x04, 0x40, ...body.flat(), 0x0b];
const againIf = [0x0d, 0];

const increase = (local: number, by: number[]) => [...get(local), ...by, ...i32.add, ...set(local)];
const address = (base: number, offset: number) => [...get(base), ...get(k), ...i32.add, ...load4(offset)];
const product = (n: number) => [...address(x, n * 16), ...address(row, n * 16), ...f32x4.mul];

/**
 *     do {
 *       acc = 0; row = rows + phase * rowBytes
 *       for (k = 0; k < rowBytes; k += 64) acc[n] += x[k + 16 n] * row[k + 16 n]   // n = 0..3, four lanes each
 *       *out = sum of acc; out += 4
 *       x += stepBytes; phase += rest
 *       if (phase >= up) { phase -= up; x += 4 }
 *     } while (--count)
 */
const source = loop(
  acc.flatMap((local) => [...f32x4.zero, ...set(local)]),
  [...get(phase), ...get(rowBytes), ...i32.mul, ...get(rows), ...i32.add, ...set(row)],
  [...i32.const(0), ...set(k)],
  loop(
    acc.flatMap((local, n) => [...get(local), ...product(n), ...f32x4.add, ...set(local)]),
    increase(k, [0x41, ...signed(sums * 16)]),
    [...get(k), ...get(rowBytes), ...i32.lessThan, ...againIf],
  ),
  [...get(acc[0]), ...get(acc[1]), ...f32x4.add, ...get(acc[2]), ...get(acc[3]), ...f32x4.add, ...f32x4.add],
  [...set(acc[0]), ...get(out)],
  [0, 1, 2, 3].flatMap((n) => [...get(acc[0]), ...lane(n), ...(n > 0 ? f32.add : [])]),
  f32.store,
  increase(out, i32.const(4)),
  increase(x, get(stepBytes)),
  increase(phase, get(rest)),
  [...get(phase), ...get(up), ...i32.lessThan, 0x45], // not (phase < up)
  when([...get(phase), ...get(up), ...i32.sub, ...set(phase)], increase(x, i32.const(4))),
  [...get(count), ...i32.const(1), ...i32.sub, 0x22, count, ...againIf], // 0x22: set and keep
);

/** LEB128, as all numbers in a module are written. */
function unsigned(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)];
}

function signed(n: number): number[] {
  return n < 64 ? [n] : [(n & 127) | 128, ...signed(n >> 7)];
}

/** Bytes of one page, the unit of a WebAssembly memory. */
export const pageBytes = 65_536;

/** A fresh instance with one page of memory. */
export function makeFirKernel(): FirKernel {
  const name = (text: string) => [text.length, ...Array.from(text, (c) => c.charCodeAt(0))];
  const section = (id: number, body: number[]) => [id, ...unsigned(body.length), ...body];
  const [i32Type, v128Type] = [0x7f, 0x7b];
  const code = [2, 2, i32Type, 4, v128Type, ...source, 0x0b]; // two kinds of own locals, then the body
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 9, ...new Array(9).fill(i32Type), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name("convolve"), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
  return instance.exports as FirKernel;
}
