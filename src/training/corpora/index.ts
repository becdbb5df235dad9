// The barrel of corpora: a data folder becomes clips, and what is wrong with it gets a name.
export { checkCorpora } from "./check.ts";
export {
  byCodeUnit,
  type ClassName,
  type Clip,
  type CorpusSummary,
  OWN_CLASSES,
  type Problem,
  type ReadCorpora,
  sentenceOf,
  speakerIsKnown,
} from "./clip.ts";
export { contentHash } from "./content.ts";
export { CorpusError } from "./error.ts";
export type { CorpusInfo } from "./info.ts";
export { mapLimited } from "./pool.ts";
export { type ReadOptions, readCorpora, requireEmotions } from "./read.ts";
export { corpusInfos } from "./registry.ts";
