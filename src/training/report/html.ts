// Text to HTML, escaped unless it was made here. Knows no report.

/** HTML that stands in a page as it is. `html` makes it from text; make one yourself of your own constants only. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What `html` takes: text and numbers are escaped, `false`, `null` and `undefined` are nothing. */
export type Part = Markup | string | number | false | null | undefined | readonly Part[];

/**
 * A template whose values are escaped, in text and in quoted attributes alike.
 *
 *     html`<td title="${name}">${name}</td>`
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.map((text, i) => text + render(parts[i])).join(""));
}

function render(part: Part): string {
  if (part instanceof Markup) return part.source;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return part ? part.map(render).join("") : "";
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Text with its control characters drawn (U+2400 and on), since a file name may hold any: none of them may act on the
 * page or the terminal that shows it. Line ends and tabs stay; half a surrogate pair becomes U+FFFD.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, (c) => (c === "\n" || c === "\t" ? c : picture(c.codePointAt(0)!)));
}

function picture(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\uFFFD";
}
