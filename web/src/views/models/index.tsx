// The door of Models: the choice, and one model's card at /models/:name.
import { useEffect, useRef } from "react";
import type { ViewProps } from "../../shell/views.ts";
import { CardPage } from "./card-page.tsx";
import { Choice } from "./choice-page.tsx";

export function View({ path: [name] }: ViewProps) {
  const before = useRef(name);
  // Between the two the shell sees one view: its heading gets the focus here.
  useEffect(() => {
    if (before.current === name) return;
    before.current = name;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("#main h1")?.focus();
  }, [name]);
  return name ? <CardPage key={name} name={name} /> : <Choice />;
}
