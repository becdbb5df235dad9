// A sound through a filter of any length, by the fast Fourier transform. Knows numbers, not what the filter is.

/** `[sound.length + filter.length - 1]`: what comes out when `filter` answers every sample. */
export function convolve(sound: Float32Array, filter: Float32Array): Float32Array {
  const length = sound.length + filter.length - 1;
  const size = 2 ** Math.ceil(Math.log2(Math.max(length, 2)));
  // Both at once: one is the real part, the other the imaginary one.
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(sound);
  im.set(filter);
  fourier(re, im);
  // With Z = A + iB and A, B of real signals: AB = (Z[k]^2 - conj(Z[-k])^2) / 4i.
  for (let k = 0; k <= size / 2; k++) {
    const j = (size - k) % size;
    const [a, b, c, d] = [re[k]!, im[k]!, re[j]!, -im[j]!];
    const real = (a * b - c * d) / 2;
    const imaginary = (c * c - d * d - (a * a - b * b)) / 4;
    // Of a real signal: the spectrum's other half mirrors this one. Conjugated, the same transform leads back.
    [re[k], im[k], re[j], im[j]] = [real, -imaginary, real, imaginary];
  }
  fourier(re, im);
  return Float32Array.from(re.subarray(0, length), (x) => x / size);
}

/** A filter of odd length whose middle stands on each sample: as long as the sound, and nothing is delayed. */
export function centred(sound: Float32Array, filter: Float32Array): Float32Array {
  const middle = (filter.length - 1) / 2;
  return convolve(sound, filter).slice(middle, middle + sound.length);
}

/** Forward, in place, not scaled; a power of two long (Cooley and Tukey 1965, doi:10.1090/S0025-5718-1965-0178586-1). */
function fourier(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j]!, re[i]!, im[j]!, im[i]!];
  }
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [c, s] = [cosines[k * stride]!, sines[k * stride]!];
        const [low, high] = [start + k, start + k + half];
        const real = re[high]! * c - im[high]! * s;
        const imaginary = re[high]! * s + im[high]! * c;
        re[high] = re[low]! - real;
        im[high] = im[low]! - imaginary;
        re[low]! += real;
        im[low]! += imaginary;
      }
    }
  }
}
