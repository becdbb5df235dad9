// The door of Batch: its first page, and one batch at /batch/:id.
import { useEffect, useRef } from "react";
import type { ViewProps } from "../../shell/views.ts";
import { One } from "./one.tsx";
import { Start } from "./start.tsx";

export function View({ path: [id] }: ViewProps) {
  const before = useRef(id);
  // Between the two the shell sees one view: its heading gets the focus here.
  useEffect(() => {
    if (before.current === id) return;
    before.current = id;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("#main h1")?.focus();
  }, [id]);
  return id ? <One key={id} id={id} /> : <Start />;
}
