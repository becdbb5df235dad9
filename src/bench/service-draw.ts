// Values at random from one seed: what a schema allows, nearly that, and anything. Knows JSON schema, no route.

/** The part of JSON schema that the service's description uses. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  format?: string;
}

/** Everything random, from one seed. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0..1; mulberry32. */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(n: number): number {
    return Math.floor(this.share() * n);
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  text(): string {
    const length = this.of([0, 1, 5, 40, 40, 300, 20_000]);
    const signs = "aZ09 ._-%/\\'\"<>&;=+@\n\r\t\0é漢🎙\u202e\ud800";
    return Array.from({ length }, () => signs[this.below(signs.length)]!).join("");
  }

  anything(depth = 0): unknown {
    const simple = [null, true, 0, -1, 1.5, 1e308, 2 ** 53, "", "null", "NaN", "uncertain", this.text()];
    if (depth > 2 || this.chance(0.7)) return this.of(simple);
    const many = Array.from({ length: this.below(4) }, () => this.anything(depth + 1));
    if (this.chance(0.5)) return many;
    const keys = ["label", "note", "name", "model", "token", "recipe", "epochs", "constructor", "x"];
    return Object.fromEntries(many.map((value) => [this.of(keys), value]));
  }

  /** What a schema allows, or nearly. */
  fitting(schema: Schema): unknown {
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return this.of(schema.enum);
    if (schema.anyOf) return this.fitting(this.of(schema.anyOf));
    const type = Array.isArray(schema.type) ? this.of(schema.type) : schema.type;
    switch (type) {
      case "null":
        return null;
      case "boolean":
        return this.chance(0.5);
      case "integer":
      case "number": {
        const { minimum = -10, maximum = 1000 } = schema;
        return this.of([
          minimum,
          maximum,
          minimum - 1,
          maximum + 1,
          minimum + this.below(maximum - minimum + 1),
        ]);
      }
      case "array":
        return Array.from({ length: this.below(3) }, () => this.fitting(schema.items ?? {}));
      case "object": {
        const { properties = {}, required = [] } = schema;
        const used = Object.entries(properties).filter(
          ([name]) => required.includes(name) || this.chance(0.5),
        );
        return Object.fromEntries(used.map(([name, one]) => [name, this.fitting(one)]));
      }
      case "string":
        if (schema.format === "date")
          return this.of(["2026-01-01", "0001-01-01", "9999-12-31", "2026-02-30"]);
        return this.of([
          "sad",
          "uncertain",
          "a b",
          "tiny",
          "en",
          this.text().slice(0, schema.maxLength ?? 100),
        ]);
      default:
        return this.anything();
    }
  }
}
