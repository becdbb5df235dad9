// Which view answers which address. Knows the folders of the views; each is loaded when it is first wanted.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { shell } from "../strings/shell.ts";
import type { IconName } from "./icons.tsx";

/** What every view is given: its address, without the part that chose it. */
export type ViewProps = { path: readonly string[]; query: URLSearchParams };

type Module = { View: ComponentType<ViewProps> };
type Entry = {
  View: LazyExoticComponent<ComponentType<ViewProps>>;
  /** Fetches the code before it is needed. */
  preload(): void;
};

function entry(load: () => Promise<Module>): Entry {
  return {
    View: lazy(async () => ({ default: (await load()).View })),
    preload: () => void load().catch(() => undefined), // offline: the view itself will say so
  };
}

const modules = import.meta.glob<Module>("../views/*/index.tsx");

function viewIn(folder: string): Entry {
  return entry(modules[`../views/${folder}/index.tsx`]!);
}

const analyse = viewIn("analyse");

/** By the first part of the address; the empty one is home. */
export const views: Record<string, Entry> = {
  "": analyse,
  recordings: analyse,
  live: viewIn("live"),
  history: viewIn("history"),
  batch: viewIn("batch"),
  models: viewIn("models"),
  train: viewIn("train"),
};

export const navigation: { to: string; label: string; icon: IconName }[] = [
  { to: "", label: shell.analyse, icon: "analyse" },
  { to: "live", label: shell.live, icon: "live" },
  { to: "history", label: shell.history, icon: "history" },
  { to: "batch", label: shell.batch, icon: "batch" },
  { to: "models", label: shell.models, icon: "models" },
  { to: "train", label: shell.train, icon: "train" },
];
