// A call of this program as it is typed into a shell, for what is made by it. Knows no command.

type Value = string | number | readonly string[] | undefined;

/**
 * @param words the command and what it is given; `options` that are undefined or empty were not. A graphics card changes
 * what a training ends with, so it is named too.
 */
export function commandLine(words: readonly string[], options: Record<string, Value>): string {
  const { UNDERTONE_DEVICE: device = "cpu" } = process.env;
  const call = ["undertone", ...words];
  if (device !== "cpu") call.unshift(`UNDERTONE_DEVICE=${device}`);
  for (const [name, value = []] of Object.entries(options)) {
    const values = [value].flat();
    if (values.length > 0) call.push(`--${name}`, ...values.map((one) => shellWord(String(one))));
  }
  return call.join(" ");
}

/** A word as it is typed into a shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
