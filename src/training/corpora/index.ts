// The barrel of corpora: a data folder becomes clips, and what is wrong with it gets a name.
export { checkCorpora } from "./check.ts";
export {
  byCodeUnit,
  type Clip,
  type CorpusSummary,
  type Problem,
  type ReadCorpora,
  sentenceOf,
  speakerIsKnown,
} from "./clip.ts";
export { contentHash } from "./content.ts";
export { CorpusError } from "./error.ts";
export type { CorpusInfo } from "./info.ts";
export { mapLimited } from "./pool.ts";
export { readCorpora, requireEmotions } from "./read.ts";
export { corpusInfos } from "./registry.ts";
