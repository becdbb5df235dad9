// Every adapter there is. A new one: a file beside these, and its name here.
import type { Adapter } from "../adapter.ts";
import { aesdd } from "./aesdd.ts";
import { ased } from "./ased.ts";
import { banglaser } from "./banglaser.ts";
import { cafe } from "./cafe.ts";
import { cremaD } from "./crema-d.ts";
import { emodb } from "./emodb.ts";
import { emotiontts } from "./emotiontts.ts";
import { emovo } from "./emovo.ts";
import { esd } from "./esd.ts";
import { iemocap } from "./iemocap.ts";
import { mesd } from "./mesd.ts";
import { mspPodcast } from "./msp-podcast.ts";
import { nemo } from "./nemo.ts";
import { ravdess } from "./ravdess.ts";
import { savee } from "./savee.ts";
import { shemo } from "./shemo.ts";
import { subesco } from "./subesco.ts";
import { tess } from "./tess.ts";
import { turevDb } from "./turev-db.ts";
import { urdu } from "./urdu.ts";

/** Sorted by name. */
export const ADAPTERS: readonly Adapter[] = [
  aesdd,
  ased,
  banglaser,
  cafe,
  cremaD,
  emodb,
  emotiontts,
  emovo,
  esd,
  iemocap,
  mesd,
  mspPodcast,
  nemo,
  ravdess,
  savee,
  shemo,
  subesco,
  tess,
  turevDb,
  urdu,
];
