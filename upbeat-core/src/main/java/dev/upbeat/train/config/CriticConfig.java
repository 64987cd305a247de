package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code credit.critic}: the critics of asyppo.
 *
 * @param count M, number of critics
 * @param layers number of the policy's first layers in each critic; 0 for a third of them
 * @param trainsEmbedding whether each critic trains a copy of the embedding
 * @param learningRate of AdamW, constant
 * @param epochs passes over the responses of a step
 */
public record CriticConfig(int count, int layers, boolean trainsEmbedding, double learningRate, int epochs) {
    private static final String THIRD = "third";

    /** The defaults. */
    public static final CriticConfig USUAL = new CriticConfig(2, 0, false, 1e-5, 1);

    /** @param group responses to each prompt, of which every critic needs one */
    static CriticConfig read(Section section, int group) {
        int count = section.optional("count", USUAL.count).integer(2, 16);
        if (count > group) {
            throw section.wrong(
                    "count",
                    "at most rollout.group, which is " + group + ": each critic learns from its"
                            + " own responses of a group");
        }
        return new CriticConfig(
                count,
                layers(section),
                section.optional("embeddings", "frozen")
                        .choice("frozen", "trained")
                        .equals("trained"),
                section.optional("learning_rate", USUAL.learningRate).number(Range.above(0)),
                section.optional("epochs", USUAL.epochs).integer(1, 100));
    }

    private static int layers(Section section) {
        String expected = THIRD + ", or a number of layers, at least 1";
        String given = section.optional("layers", THIRD).numberOrText(expected);
        if (given.equals(THIRD)) {
            return 0;
        }
        BadInputException wrong = section.wrong("layers", expected);
        try {
            int layers = Integer.parseInt(given);
            if (layers >= 1) {
                return layers;
            }
        } catch (NumberFormatException e) {
            wrong.addSuppressed(e);
        }
        throw wrong;
    }

    /** The values by the names of their keys under {@code credit}. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("critic.count", count);
        values.put("critic.layers", layers == 0 ? THIRD : layers);
        values.put("critic.embeddings", trainsEmbedding ? "trained" : "frozen");
        values.put("critic.learning_rate", learningRate);
        values.put("critic.epochs", epochs);
        return values;
    }

    /**
     * Number of layers of each critic.
     *
     * @param ofPolicy L, layers of the policy
     */
    public int layersOf(int ofPolicy) {
        return layers == 0 ? Math.max(1, ofPolicy / 3) : layers;
    }
}
