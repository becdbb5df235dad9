// A protocol that trains on further corpora too. Knows names, no clips.
import { EMOTIONS } from "../../speech/index.ts";
import { trainingOn } from "./across.ts";
import { corporaOf, type Protocol } from "./protocol.ts";

/**
 * The same test parts, measured by models that also train on whole other corpora. Of those only the seven emotions
 * count: what one corpus calls calm is not what another does.
 *
 * Where the checkpoint was chosen on sentences of the training voice, it is now chosen on voices of the further corpora,
 * which are not trained on: strangers choose better than words do.
 *
 * @param corpora those that the protocol has already are passed over
 */
export function alsoTrainingOn(protocol: Protocol, corpora: readonly string[]): Protocol {
  const own = corporaOf(protocol);
  const more = [...new Set(corpora)].filter((corpus) => !own.includes(corpus)).sort();
  if (more.length === 0) return protocol;
  const classes = EMOTIONS.filter((emotion) => protocol.classes.includes(emotion));
  const strangers = trainingOn(more);
  return {
    ...protocol,
    name: [protocol.name, ...more].join("+"),
    title: `${protocol.title}; trained on ${more.join(", ")} too`,
    folds: protocol.folds.map((fold) => {
      const byStrangers = "sentences" in fold.validation && strangers.validation.voices.length > 0;
      const added = byStrangers ? strangers.train : more.map((corpus) => ({ corpus }));
      return {
        ...fold,
        train: [...fold.train, ...added.map((voices) => ({ ...voices, classes }))],
        validation: byStrangers
          ? { voices: strangers.validation.voices.map((voices) => ({ ...voices, classes })) }
          : fold.validation,
      };
    }),
  };
}
