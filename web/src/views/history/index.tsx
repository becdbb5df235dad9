// The door of History: the list at its address, the comparison of two at /compare.
import { useEffect, useRef } from "react";
import type { ViewProps } from "../../shell/views.ts";
import { Compare } from "./compare.tsx";
import { List } from "./list.tsx";

export function View({ path, query }: ViewProps) {
  const isCompare = path[0] === "compare";
  const before = useRef(isCompare);
  // Between the two the shell sees one view: its heading gets the focus here.
  useEffect(() => {
    if (before.current === isCompare) return;
    before.current = isCompare;
    document.querySelector<HTMLElement>("#main h1")?.focus();
  }, [isCompare]);
  if (isCompare) return <Compare ids={[query.get("a"), query.get("b")]} />;
  return <List query={query} />;
}
