// Where the page begins: styles, theme, frame.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./shell/app.tsx";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
// A file that misses the place for it shall not replace the page.
for (const event of ["dragover", "drop"]) addEventListener(event, (missed) => missed.preventDefault());
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
