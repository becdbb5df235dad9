// The door of `training`.
export {
  CorpusError,
  type CorpusInfo,
  type CorpusSummary,
  checkCorpora,
  corpusInfos,
  type Problem,
  type ReadCorpora,
} from "./corpora/index.ts";
export { Random } from "./random.ts";
