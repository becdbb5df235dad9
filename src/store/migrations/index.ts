// Every migration by its number, in the order they run. Knows the list, not what is in them.
import type { Migration } from "kysely/migration";
import * as recordings from "./0001-recordings.ts";

export const MIGRATIONS: Record<string, Migration> = { "0001-recordings": recordings };
