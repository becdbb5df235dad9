// Comma-separated values (RFC 4180) -> rows of cells. Knows no columns.

export interface CsvRow {
  /** Where the row begins in the text, from 1. */
  line: number;
  cells: string[];
}

/**
 * Read CSV: cells in quotes may hold commas, line breaks and doubled quotes; lines end with LF or CRLF; a byte order
 * mark at the beginning and empty lines are passed over.
 *
 * @throws SyntaxError where a quote is not closed or something follows one
 */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let line = 1;
  let row: CsvRow = { line, cells: [] };
  // One cell, in quotes or bare, and what ends it. Sticky: each match begins where the last ended.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  cell.lastIndex = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found)
      throw new SyntaxError(`line ${line}: a quote is not closed, or text stands beside a quoted cell`);
    const [, quoted, bare, end] = found;
    row.cells.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'));
    line += quoted?.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === "," && cell.lastIndex < text.length) continue;
    // A comma as the very last character: one more cell, which is empty.
    if (end === ",") row.cells.push("");
    line += 1;
    if (row.cells.some((value) => value !== "")) rows.push(row);
    row = { line, cells: [] };
  }
  return rows;
}
