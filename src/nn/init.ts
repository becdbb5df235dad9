// How parameters start. Knows shapes and a source of uniform numbers, no layers.

/** Fills a tensor of `shape`; `uniform` gives numbers in [0, 1). */
export type Initializer = (shape: readonly number[], uniform: () => number) => Float32Array;

function size(shape: readonly number[]): number {
  return shape.reduce((n, dim) => n * dim, 1);
}

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(size(shape)).fill(value);

export const zeros: Initializer = constant(0);
export const ones: Initializer = constant(1);

/**
 * Uniform with the variance of Glorot and Bengio 2010 (fan `fanIn` and `fanOut`), or, with `gain` of He et al.
 * 2015, sqrt(2) before a rectifier.
 */
export const glorot =
  (fanIn: number, fanOut: number, gain = 1): Initializer =>
  (shape, uniform) => {
    const limit = gain * Math.sqrt(6 / (fanIn + fanOut));
    return Float32Array.from({ length: size(shape) }, () => (2 * uniform() - 1) * limit);
  };

/** He et al. 2015, arXiv:1502.01852: keeps the variance through rectifiers. */
export const he =
  (fanIn: number): Initializer =>
  (shape, uniform) => {
    const limit = Math.sqrt(6 / fanIn);
    return Float32Array.from({ length: size(shape) }, () => (2 * uniform() - 1) * limit);
  };

/**
 * Each block of `[n, n]` rows orthogonal (Saxe et al. 2013, arXiv:1312.6120): what an LSTM's recurrent weights
 * `[4n, n]` start as, so that states neither fade nor explode.
 */
export const orthogonalBlocks: Initializer = ([rows, n], uniform) => {
  const data = new Float32Array(rows * n);
  for (let block = 0; block < rows / n; block++) {
    const basis: number[][] = [];
    while (basis.length < n) {
      const row = Array.from({ length: n }, () => normal(uniform));
      // Gram-Schmidt, twice for accuracy.
      for (let pass = 0; pass < 2; pass++) {
        for (const other of basis) {
          const along = row.reduce((sum, value, i) => sum + value * other[i], 0);
          for (let i = 0; i < n; i++) row[i] -= along * other[i];
        }
      }
      const length = Math.hypot(...row);
      if (length > 1e-6) basis.push(row.map((value) => value / length));
    }
    for (let i = 0; i < n; i++) data.set(basis[i], (block * n + i) * n);
  }
  return data;
};

/** Box and Muller 1958. */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Biases of an LSTM's gates (input, output, forget, cell): 1 for the forget gate (Jozefowicz et al. 2015). */
export const forgetBias: Initializer = ([gates]) => {
  const data = new Float32Array(gates);
  return data.fill(1, gates / 2, (3 * gates) / 4);
};
